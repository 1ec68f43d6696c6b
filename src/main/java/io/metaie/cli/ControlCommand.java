package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.adapter.AdapterParts.Part;
import io.metaie.config.Settings;
import io.metaie.control.CommandReader;
import io.metaie.control.InvalidCommandException;
import io.metaie.extraction.LabelsJson;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code control}: commands about tasks. */
@picocli.CommandLine.Command(
        name = "control",
        description = {
            "Publishes a command about a task; the service carries it out and tells what became of it.",
            "With --wait it follows the events of the command to the end: exit code 1 when it was rejected or failed."
        },
        footer = {
            "",
            "Examples are JSON Lines: {\"text\", \"labels\"?, \"spans\": [{\"label\", \"start\", \"end\"} | {\"label\", \"text\"}]}.",
            "How an adaptation learns (--epochs to --skip-invalid) is for adapt. Commands of one task take effect one after the",
            "other: one behind an adaptation waits for its end, but delete-task ends it."
        },
        mixinStandardHelpOptions = true)
final class ControlCommand implements Callable<Integer> {

    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");

    /** What is asked. */
    enum Action {
        DEFINE_TASK("task-defined"),
        DELETE_TASK("task-deleted"),
        ADAPT("adaptation-completed"),
        ACTIVATE("adapter-activated"),
        EVALUATE("evaluation-completed"),
        IMPORT("adaptation-completed");

        private final String end;

        Action(String end) {
            this.end = end;
        }

        /** The event that says it is done. */
        String end() {
            return end;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "define-task|delete-task|adapt|activate|evaluate|import",
            description = "What is asked.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ADAPTER",
            description = "import: an adapter file, as the command adapt writes it for the service's model.")
    private Optional<Path> adapter = Optional.empty();

    @Option(names = "--task", paramLabel = "T", required = true, description = "The task's name.")
    private String task;

    @Option(names = "--labels", paramLabel = "\"A,B\"",
            description = "define-task: what it asks, names between commas or a JSON array.")
    private Optional<String> labels = Optional.empty();

    @Option(names = "--definition", paramLabel = "FILE",
            description = "define-task: a file {\"labels\": [...], \"threshold\"?, \"exclusive\"?}.")
    private Optional<Path> definition = Optional.empty();

    @Option(names = "--examples", paramLabel = "FILE|-",
            description = "adapt, evaluate: examples, JSON Lines: {\"text\", \"labels\"?, \"spans\": [...]}.")
    private Optional<String> examples = Optional.empty();

    @Option(names = "--version", paramLabel = "N",
            description = "activate, evaluate: the version; 0 is the meta-model itself.")
    private Optional<Integer> version = Optional.empty();

    @Mixin
    private DistilledFlags distilled = new DistilledFlags();

    @Mixin
    private AdaptationFlags adaptation = new AdaptationFlags();

    @Option(names = "--wait", description = "Follow the events of the command to its end.")
    private boolean wait;

    ControlCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        String id = UUID.randomUUID().toString();
        Optional<AdapterUpload> upload = adapter.map(path -> AdapterUpload.read(path, task, id));
        ObjectNode command = command(id);
        upload.ifPresent(file -> file.describe(command, 1, adaptation.activate()));
        check(bytes(command));
        KafkaConnection kafka = KafkaConnection.open();
        try {
            if (!wait) {
                publish(kafka, command, upload);
                terminal.message("published " + action + " to " + kafka.topics().control() + " on " + kafka.address()
                        + ", its id is " + id);
                return 0;
            }
            try (CommandEvents events = CommandEvents.from(kafka, id, terminal)) {
                publish(kafka, command, upload);
                return events.await(action.end()) ? 0 : 1;
            }
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private void checkOptions() {
        require(labels.isEmpty() || definition.isEmpty(), "either --labels or --definition, not both");
        require(action == Action.DEFINE_TASK == (labels.isPresent() || definition.isPresent()),
                action == Action.DEFINE_TASK
                        ? "define-task needs --labels or --definition"
                        : "--labels and --definition are for define-task");
        boolean learns = action == Action.EVALUATE || action == Action.ADAPT;
        require(!distilled.isPointless(), "--map, --limit and --since are for --from distilled");
        require(!distilled.isGiven() || action == Action.ADAPT && examples.isEmpty(),
                "--from is for adapt, without --examples");
        require(learns == (examples.isPresent() || distilled.isGiven()),
                learns ? action + " needs --examples" : "--examples is for adapt and evaluate");
        require(action == Action.ADAPT || adaptation.isEmpty() || action == Action.IMPORT && adaptation.isOnlyActivate(),
                "options of an adaptation are for adapt");
        require(action == Action.IMPORT == adapter.isPresent(),
                action == Action.IMPORT ? "import needs an adapter file" : "an adapter file is for import");
        require(version.isEmpty() || action == Action.ACTIVATE || action == Action.EVALUATE,
                "--version is for activate and evaluate");
        require(version.isPresent() || action != Action.ACTIVATE, "activate needs --version");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private ObjectNode command(String id) throws IOException {
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        command.put("type", action.toString()).put("commandId", id).put("task", task);
        version.ifPresent(number -> command.put("version", number));
        labels.ifPresent(given -> command.set("labels", labels(given)));
        if (definition.isPresent()) {
            TaskFile.read(definition.get()); // says what is wrong with it, by the file's name
            JsonNode file = TaskFile.json(definition.get());
            for (String field : new String[] {"labels", "threshold", "exclusive"}) {
                if (file.hasNonNull(field)) {
                    command.set(field, file.get(field));
                }
            }
        }
        if (examples.isPresent()) {
            command.set("examples", ExampleLines.read(examples.get(), terminal));
        }
        distilled.describe(command);
        if (action == Action.ADAPT && !adaptation.isEmpty()) {
            command.set("options", adaptation.json());
        }
        return command;
    }

    private ArrayNode labels(String given) {
        try {
            LabelsJson.parse(given);
            return DocumentLine.labels(given);
        } catch (RejectedDocumentException e) {
            throw new ParameterException(spec.commandLine(), "--labels: " + e.getMessage(), e);
        }
    }

    /** What the service would reject anyway is said at once. */
    private void check(byte[] command) {
        try {
            new CommandReader(Settings.metaie(Settings.load()).control().maxBytes()).read(Optional.of(command));
        } catch (InvalidCommandException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private void publish(KafkaConnection kafka, ObjectNode command, Optional<AdapterUpload> upload) {
        kafka.partitions(kafka.topics().control());
        String adapters = kafka.topics().adapters();
        List<Part> parts = upload.map(file -> file.parts(kafka.maxRecordBytes(adapters))).orElse(List.of());
        upload.ifPresent(file -> file.describe(command, parts.size(), adaptation.activate()));
        byte[] value = bytes(command);
        try (Producer<byte[], byte[]> producer = kafka.clients().producer("metaie-control-command", PRODUCER)) {
            for (Part part : parts) {
                producer.send(AdapterUpload.record(adapters, part)).get();
            }
            producer.send(new ProducerRecord<>(kafka.topics().control(), task.getBytes(UTF_8), value)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw new CommandException("the command has " + value.length + " bytes, more than "
                        + kafka.topics().control() + " takes: give fewer examples", e);
            }
            throw kafka.failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private static byte[] bytes(ObjectNode command) {
        return command.toString().getBytes(UTF_8);
    }
}
