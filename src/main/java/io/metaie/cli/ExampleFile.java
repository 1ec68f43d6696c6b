package io.metaie.cli;

import io.metaie.adaptation.NumberedExample;
import io.metaie.dataset.ExampleReader;
import io.metaie.evaluation.Example;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Examples to learn from, as a file has them.
 *
 * @param labels what all of them ask together
 */
record ExampleFile(List<NumberedExample> examples, LabelSet labels) {

    /**
     * Reads a file. Examples that name no labels are asked those of the task; without a task, those of all examples.
     *
     * @throws CommandException when it cannot be read, a line is no example, or it has none
     */
    static ExampleFile read(String name, InputStream standardInput, Optional<LabelSet> task) {
        try (TextFile file = TextFiles.open(name, standardInput)) {
            byte[] content = file.content().readAllBytes();
            LabelSet labels = task.isPresent() ? task.get() : union(read(name, content, Optional.empty()));
            List<NumberedExample> examples = new ArrayList<>();
            for (Example example : read(name, content, Optional.of(labels))) {
                examples.add(new NumberedExample(examples.size(), example));
            }
            if (examples.isEmpty()) {
                throw new CommandException("no examples in " + name);
            }
            return new ExampleFile(examples, labels);
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandException(e.getCause().getMessage(), e);
        }
    }

    private static List<Example> read(String name, byte[] content, Optional<LabelSet> defaults) {
        String called = name.equals(TextFiles.STANDARD_INPUT) ? "standard input" : name;
        List<Example> examples = new ArrayList<>();
        new ExampleReader(called, new ByteArrayInputStream(content), defaults).forEachRemaining(examples::add);
        return examples;
    }

    private static LabelSet union(List<Example> examples) {
        Set<Label> labels = new LinkedHashSet<>();
        examples.forEach(example -> labels.addAll(example.labels().labels()));
        return LabelSet.of(List.copyOf(labels));
    }
}
