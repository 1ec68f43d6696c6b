package io.metaie.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.metaie.dataset.ExampleReader;
import io.metaie.dataset.ScoresJson;
import io.metaie.engine.Engine;
import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.extraction.TaskJson;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.label.InvalidLabelsException;
import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Source;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how well the model finds the spans of annotated examples. */
@Command(
        name = "evaluate",
        description = "Measures precision, recall and F1 on annotated examples, by exact match of label, start and end. Each"
                + " example is one sentence; all its labels are asked. In fp32, unless metaie.precision says otherwise.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {

    private static final Source SOURCE = new Source("evaluate", false);

    /** How the result is written. */
    enum Format {
        TEXT, JSON
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--data", paramLabel = "FILE|-", required = true,
            description = "Examples, JSON Lines: {\"text\", \"labels\", \"spans\": [{\"label\", \"start\", \"end\"}]}.")
    private String data;

    @Option(names = "--task", paramLabel = "FILE",
            description = "A task {\"labels\": [...], \"threshold\"?, \"exclusive\"?}: what examples are asked that bring no labels,"
                    + " and which of the spans found count.")
    private Optional<Path> task = Optional.empty();

    @Mixin
    private AdapterOption adapter = new AdapterOption();

    @Option(names = "--threshold", paramLabel = "X", description = "Leaves out spans with a lower score; by default 0.")
    private Optional<Double> threshold = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N examples.")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--format", paramLabel = "text|json", defaultValue = "TEXT",
            description = "How the result is written; by default as text.")
    private Format format;

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        limit.filter(n -> n < 1).ifPresent(n -> {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, not " + n);
        });
        threshold.filter(x -> !(x >= 0 && x <= 1)).ifPresent(x -> {
            throw new ParameterException(spec.commandLine(), "--threshold must be from 0 to 1, not " + x);
        });
        Optional<TaskJson> asked = task.map(TaskFile::read);
        Optional<AdapterOption.Given> adapted = adapter.read();
        List<Example> examples = read(asked.map(TaskJson::labels).or(() -> adapted.flatMap(AdapterOption.Given::labels)));
        Selection selection = new Selection(threshold.or(() -> asked.flatMap(TaskJson::threshold)).orElse(0.0),
                asked.flatMap(TaskJson::exclusive).orElse(false));
        try (Engine engine = ModelOption.open(model.exactConfig())) {
            adapted.ifPresent(given -> given.loadInto(engine));
            Adapter answering = adapted.map(AdapterOption.Given::id).orElse(Adapter.NONE);
            Scores scores = evaluate(engine, answering, examples, selection);
            terminal.out().println(format == Format.JSON ? json(scores) : ScoreTable.of(scores, terminal));
        }
        return 0;
    }

    private List<Example> read(Optional<LabelSet> defaults) {
        List<Example> examples = new ArrayList<>();
        long most = limit.orElse(Long.MAX_VALUE);
        try (TextFile file = TextFiles.open(data, terminal.in())) {
            ExampleReader reader = new ExampleReader(data.equals(TextFiles.STANDARD_INPUT) ? "standard input" : data,
                    file.content(), defaults);
            while (examples.size() < most && reader.hasNext()) {
                examples.add(reader.next());
            }
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandException(e.getCause().getMessage(), e);
        }
        if (examples.isEmpty()) {
            throw new CommandException("no examples in " + data);
        }
        return examples;
    }

    private Scores evaluate(Engine engine, Adapter answering, List<Example> examples, Selection selection) {
        Evaluator evaluator = new Evaluator(engine.encoder(), engine.batcher(), SOURCE, answering, selection);
        Scores scores;
        String summary;
        try (Terminal.Progress progress = terminal.progress("sentences")) {
            scores = evaluator.evaluate(examples.iterator(), done -> progress.update(done, (double) done / examples.size()));
            summary = progress.summary();
        } catch (InvalidLabelsException e) {
            throw new CommandException(data + ": " + e.getMessage(), e);
        } catch (CompletionException e) {
            throw new CommandException("the model failed: " + e.getCause().getMessage(), e);
        }
        terminal.message("evaluated " + engine.model() + (answering.equals(Adapter.NONE) ? "" : " with " + answering) + ": "
                + summary);
        return scores;
    }

    private static String json(Scores scores) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            ScoresJson.write(scores, json);
        }
        return text.toString();
    }
}
