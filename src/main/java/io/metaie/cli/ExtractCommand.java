package io.metaie.cli;

import io.metaie.config.MetaieConfig;
import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentDefaults;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.ExtractionWriter;
import io.metaie.extraction.LabelsJson;
import io.metaie.extraction.TaskJson;
import io.metaie.label.LabelSet;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.task.ConfiguredTasks;
import io.metaie.task.TaskDefinition;
import io.metaie.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code extract}: documents of the command line, a file or standard input, answered at once and without Kafka. */
@Command(
        name = "extract",
        description = "Extracts spans at once, without Kafka. A line is a document: a JSON object with its own labels, if"
                + " it has any, or a text. Blank lines are passed over.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Labels are names between commas, or JSON as in a document; a label \"of\" another is asked about each of its spans:",
            "  metaie extract --labels \"Person,Location\" \"Ada Lovelace lives in Paris.\"",
            "  metaie extract --labels '[\"Person\", {\"name\": \"works for\", \"of\": \"Person\"}]' news.txt",
            "A document that cannot be answered is named on standard error with the reason; the others go on, and the exit",
            "code is 1."
        })
final class ExtractCommand implements Callable<Integer> {

    enum Format {
        TEXT,
        JSON,
        HTML
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(names = "--labels", paramLabel = "\"A,B\"", description = "What to look for in documents that bring no labels.")
    private Optional<String> labels = Optional.empty();

    @Option(
            names = "--task",
            paramLabel = "FILE",
            description = "The same from a file of JSON: {\"labels\": [...], \"threshold\"?, \"exclusive\"?}.")
    private Optional<Path> task = Optional.empty();

    @Mixin
    private AdapterOption adapter;

    @Option(names = "--whole", description = "The whole input is one document.")
    private boolean whole;

    @Option(names = "--threshold", paramLabel = "X", description = "Leave out spans with a score below X, 0 to 1 (default: 0).")
    private Optional<Double> threshold = Optional.empty();

    @Option(names = "--exclusive", description = "Of overlapping spans of different labels only the best stays.")
    private boolean exclusive;

    @Option(
            names = "--format",
            paramLabel = "text|json|html",
            defaultValue = "text",
            description = "text to be read (default); json: the extraction, one a line; html: one page with them all.")
    private Format format;

    @Parameters(
            arity = "0..1",
            paramLabel = "TEXT|FILE|-",
            description = "A text, a file (.zst, .xz and .gz are unpacked), or - for standard input, which is read too"
                    + " when it is given by a pipe.")
    private Optional<String> source = Optional.empty();

    ExtractCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        checkUsage();
        MetaieConfig config = model.config();
        int maxBytes = config.document().maxBytes();
        Optional<AdapterOption.Given> adapted = adapter.read();
        DocumentReader reader = reader(maxBytes, adapted);
        try (ExtractionInput input = input(maxBytes);
                Engine engine = ModelOption.open(config);
                AnswerSink sink = sink();
                Terminal.Progress progress = terminal.progress("documents")) {
            adapted.ifPresent(given -> given.loadInto(engine));
            AnswerWriter answers = new AnswerWriter(terminal, sink, progress, input::fraction);
            new OrderedExtraction(reader, engine.extractor(), input, maxBytes).run(answers);
            return answers.finish();
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private void checkUsage() {
        if (labels.isPresent() && task.isPresent()) {
            throw usage("--labels and --task exclude each other");
        }
        if (!(threshold.orElse(0.0) >= 0 && threshold.orElse(0.0) <= 1)) {
            throw usage("--threshold is between 0 and 1");
        }
        if (source.isEmpty() && terminal.inputIsTerminal()) {
            throw usage("nothing to read: give a text, a file, or - for standard input");
        }
    }

    /** What is asked of documents: their own labels, else those of the options, else what the adapter is for. */
    private DocumentReader reader(int maxBytes, Optional<AdapterOption.Given> adapted) {
        Optional<TaskJson> file = task.map(TaskFile::read);
        Optional<LabelSet> asked = file.map(TaskJson::labels).or(() -> labels.map(this::parsed))
                .or(() -> adapted.flatMap(AdapterOption.Given::labels));
        if (asked.isEmpty() && source.filter(this::isPlainText).isPresent()) {
            throw usage("nothing to look for: give --labels or --task");
        }
        Adapter answering = adapted.map(AdapterOption.Given::id).orElse(Adapter.NONE);
        DocumentDefaults defaults = new DocumentDefaults(
                asked,
                threshold.or(() -> file.flatMap(TaskJson::threshold)).orElse(0.0),
                exclusive || file.flatMap(TaskJson::exclusive).orElse(false),
                answering);
        // A file that gives its task a name defines it: documents may name it, and answers do.
        Tasks tasks = new ConfiguredTasks(file.flatMap(TaskJson::task).map(name -> new TaskDefinition(
                name, asked.orElseThrow(), defaults.threshold(), defaults.exclusive(), answering)));
        return new DocumentReader(tasks, defaults, maxBytes);
    }

    private LabelSet parsed(String given) {
        try {
            LabelSet set = LabelsJson.parse(given);
            if (set.isEmpty()) {
                throw usage("--labels names no label");
            }
            return set;
        } catch (RejectedDocumentException e) {
            throw usage("--labels: " + e.getMessage());
        }
    }

    private boolean isPlainText(String argument) {
        return !argument.equals("-") && ExtractionInput.existing(argument).isEmpty() && !argument.contains("{");
    }

    private ExtractionInput input(int maxBytes) throws IOException {
        if (source.isEmpty() || source.get().equals("-")) {
            return ExtractionInput.standard(terminal.in(), whole, maxBytes);
        }
        Optional<Path> file = ExtractionInput.existing(source.get());
        if (file.isPresent()) {
            return ExtractionInput.file(file.get(), whole, maxBytes);
        }
        if (source.get().matches("\\S*[^\\s.]\\.(txt|jsonl?|zst|xz|gz|md|csv|html?)")) {
            terminal.message("metaie: there is no file " + Terminal.printable(source.get()) + "; it is taken as the text");
        }
        return ExtractionInput.text(source.get(), whole, maxBytes);
    }

    private AnswerSink sink() throws IOException {
        return switch (format) {
            case TEXT -> new ReadableExtraction(terminal)::print;
            // Metadata come back as they stood in the document, which may be on several lines.
            case JSON -> (text, extraction) -> terminal.out().println(
                    ExtractionWriter.toJson(extraction).replace('\n', ' ').replace('\r', ' '));
            case HTML -> new HtmlSink(terminal.out());
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
