package io.metaie.cli;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.dataset.ExampleReader;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.tagging.WordEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Examples to measure a model on while it is trained: the first sentences of each file. */
record DevSets(Map<String, List<Example>> sets) {

    /** About how many questions a file may take. */
    private static final int QUESTIONS = 1_200;

    /** @throws CommandException when a file cannot be read or a line is no example */
    static DevSets read(List<Path> files) {
        Map<String, List<Example>> sets = new LinkedHashMap<>();
        for (Path file : files) {
            try (TextFile text = TextFiles.open(file)) {
                ExampleReader reader = new ExampleReader(file.toString(), text.content(), Optional.empty());
                List<Example> examples = new ArrayList<>();
                for (int questions = 0; questions < QUESTIONS && reader.hasNext(); ) {
                    Example example = reader.next();
                    examples.add(example);
                    questions += example.labels().labels().size();
                }
                sets.put(file.getFileName().toString(), examples);
            } catch (IOException e) {
                throw new CommandException(e.getMessage(), e);
            } catch (UncheckedIOException e) {
                throw new CommandException(e.getCause().getMessage(), e);
            }
        }
        return new DevSets(sets);
    }

    boolean isEmpty() {
        return sets.isEmpty();
    }

    /** F1 on each file, 0 to 1. */
    Map<String, Double> measure(Learner learner, WordEncoder encoder) {
        Map<String, Double> measured = new LinkedHashMap<>();
        sets.forEach((name, examples) -> {
            Scores.Tally tally = new Scores.Tally();
            new LearnerScorer(encoder, Selection.ALL).count(learner, examples, tally);
            measured.put(name, tally.scores().micro().f1());
        });
        return measured;
    }
}
