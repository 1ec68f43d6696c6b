package io.metaie.load;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.metaie.files.TextFiles;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sentences of the encyclopaedia slice, in order; where more are asked for than it has, from its beginning again. */
public final class Texts {

    private static final Path FILE = Path.of("load-tests", "data", "wiki.txt.xz");

    /** Twenty labels; programs that ask fewer take the first. */
    static final List<String> LABELS = List.of("Person", "Location", "Organization", "Date", "Event", "Product",
            "Work of Art", "Law", "Language", "Quantity", "Money", "Percent", "Time", "Nationality", "Religion", "Profession",
            "Disease", "Chemical", "Award", "Building");

    private Texts() {}

    public static List<String> sentences(int count) throws IOException {
        List<String> sentences = new ArrayList<>(count);
        while (sentences.size() < count) {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(TextFiles.open(FILE).content(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null && sentences.size() < count; line = lines.readLine()) {
                    for (Sentence sentence : Sentences.split(line)) {
                        sentences.add(line.substring(sentence.start(), sentence.end()));
                    }
                }
            }
        }
        return sentences.subList(0, count);
    }

    /** One-sentence documents whose ids are their places, from 0. */
    static List<String> documents(int count, List<String> labels) throws IOException {
        List<String> documents = new ArrayList<>(count);
        for (String sentence : sentences(count)) {
            documents.add(document(documents.size(), sentence, labels));
        }
        return documents;
    }

    /** A document as a producer writes it. */
    static String document(int id, String text, List<String> labels) {
        return document(String.valueOf(id), text, labels);
    }

    /** A document of a task. */
    static String document(String id, String text, String task) {
        StringBuilder json = begin(id, text).append(",\"task\":");
        quote(json, task);
        return json.append('}').toString();
    }

    /** A document as a producer writes it. */
    static String document(String id, String text, List<String> labels) {
        StringBuilder json = begin(id, text).append(",\"labels\":[");
        for (int i = 0; i < labels.size(); i++) {
            quote(i == 0 ? json : json.append(','), labels.get(i));
        }
        return json.append("]}").toString();
    }

    private static StringBuilder begin(String id, String text) {
        StringBuilder json = new StringBuilder("{\"id\":");
        quote(json, id);
        quote(json.append(",\"text\":"), text);
        return json;
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
    }
}
