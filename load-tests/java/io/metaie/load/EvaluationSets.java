package io.metaie.load;

import io.metaie.dataset.ExampleReader;
import io.metaie.evaluation.Example;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sets of sentences that models are measured on. */
final class EvaluationSets {

    /** How many sentences of each are taken: its first ones. */
    static final int LIMIT = 500;

    static final List<String> NAMES = List.of("bc5cdr", "crossner_ai", "jnlpba", "phee", "propbank_ewt", "wnut17");

    private EvaluationSets() {}

    static List<Example> read(String name) throws IOException {
        Path file = Path.of("load-tests", "data", "eval", name + ".test.jsonl.zst");
        List<Example> examples = new ArrayList<>();
        try (TextFile text = TextFiles.open(file)) {
            ExampleReader reader = new ExampleReader(file.toString(), text.content(), Optional.empty());
            while (examples.size() < LIMIT && reader.hasNext()) {
                examples.add(reader.next());
            }
        }
        return examples;
    }
}
