package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.distillation.Template;
import io.metaie.distillation.WholeLines;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The file examples are appended to, one a line. Knows which sentences it holds; half a line at its end is cut off. */
final class ExampleOutput implements Closeable {

    private static final ObjectReader JSON = new JsonMapper().reader();

    private final RandomAccessFile file;
    private final Set<String> sentences = new HashSet<>();

    ExampleOutput(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        try {
            WholeLines.forEach(file, (start, line) ->
                    sentences.add(Template.hash(JSON.readTree(line).path("text").asText())));
        } catch (IOException e) {
            file.close();
            throw new IOException(path + " is no file of examples: " + e.getMessage(), e);
        }
    }

    /** How many examples it holds. */
    int size() {
        return sentences.size();
    }

    boolean holds(String sentence) {
        return sentences.contains(Template.hash(sentence));
    }

    void append(String sentence, String json) throws IOException {
        file.write((json + "\n").getBytes(UTF_8));
        sentences.add(Template.hash(sentence));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
