package io.metaie.cli;

import io.metaie.distillation.SentenceFilter;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The sentences of text files, a paragraph a line, that are worth a teacher's time; read as they are asked for. */
final class CorpusSentences implements Closeable {

    private final List<String> files;
    private final InputStream standardInput;
    private final boolean all;
    private final SentenceFilter filter = new SentenceFilter();
    private final Deque<String> ready = new ArrayDeque<>();
    private Optional<Opened> opened = Optional.empty();
    private int next;

    private record Opened(TextFile file, BufferedReader lines) {}

    /** @param all every sentence of a paragraph; else the first of each */
    CorpusSentences(List<String> files, InputStream standardInput, boolean all) {
        this.files = files;
        this.standardInput = standardInput;
        this.all = all;
    }

    /** The next one; empty behind the last. */
    Optional<String> next() throws IOException {
        while (ready.isEmpty()) {
            Optional<String> line = line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            String text = line.get();
            List<Sentence> sentences = Sentences.split(text);
            (all ? sentences : sentences.subList(0, Math.min(1, sentences.size()))).stream()
                    .map(sentence -> text.substring(sentence.start(), sentence.end()))
                    .filter(filter::takes)
                    .forEach(ready::add);
        }
        return Optional.of(ready.poll());
    }

    private Optional<String> line() throws IOException {
        while (true) {
            if (opened.isEmpty()) {
                if (next == files.size()) {
                    return Optional.empty();
                }
                TextFile file = TextFiles.open(files.get(next++), standardInput);
                // What is no UTF-8 in a corpus costs its sentence, not the run.
                opened = Optional.of(new Opened(file,
                        new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8))));
            }
            String line = opened.get().lines().readLine();
            if (line != null) {
                return Optional.of(line);
            }
            close();
        }
    }

    /** The share of the files that has been read, 0 to 1; negative when that is not known. */
    double fraction() {
        double ofThis = opened.map(open -> open.file().fraction()).orElse(1.0);
        return next == 0 ? 0 : ofThis < 0 ? -1 : (next - 1 + ofThis) / files.size();
    }

    @Override
    public void close() throws IOException {
        if (opened.isPresent()) {
            opened.get().file().close();
            opened = Optional.empty();
        }
    }
}
