package io.metaie.cli;

import io.metaie.config.MetaieConfig;
import io.metaie.config.Settings;
import io.metaie.distillation.AnswerFile;
import io.metaie.distillation.http.ApiKey;
import io.metaie.distillation.http.OpenTeacher;
import io.metaie.distillation.http.TeacherSettings;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code distill}: examples from a language model, without Kafka. */
@Command(
        name = "distill",
        description = "Has the sentences of text files labelled by a language model: examples to learn from.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A line is a paragraph, and its first sentence is taken, if it is of 5 to 80",
            "words and mostly letters. The model is that of metaie.llm.*: METAIE_LLM_BASE_URL",
            "(any endpoint as OpenAI's, ending in /v1), METAIE_LLM_MODEL, and the key in",
            "METAIE_LLM_API_KEY. What was answered, and what it cost, is kept beside the",
            "output in FILE.answers: --resume pays for nothing twice. The exit code is 1 when",
            "sentences are left that a later run may get answered."
        })
final class DistillCommand implements Callable<Integer> {

    private static final Duration AT_THE_END = Duration.ofSeconds(5);

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--corpus", paramLabel = "FILE", required = true, arity = "1..*",
            description = "Text, a paragraph a line; .zst, .xz and .gz are unpacked, - is standard input.")
    private List<String> corpus = new ArrayList<>();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where examples are appended, one a line.")
    private Path out;

    @Option(names = "--limit", paramLabel = "N", description = "So many sentences of the corpus at most.")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--budget", paramLabel = "USD",
            description = "So much at most, earlier runs into the same file counted; needs METAIE_LLM_PRICE_INPUT and _OUTPUT,"
                    + " USD per million tokens.")
    private Optional<Double> budget = Optional.empty();

    @Option(names = "--resume", description = "Goes on where an earlier run into the same file ended.")
    private boolean resume;

    @Option(names = "--all-sentences", description = "Every sentence of a paragraph, not only the first.")
    private boolean allSentences;

    DistillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        TeacherSettings settings = settings();
        Path answers = out.resolveSibling(out.getFileName() + ".answers");
        if (limit.orElse(1L) < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more");
        }
        if (!resume && (Files.exists(out) || Files.exists(answers))) {
            throw new CommandException((Files.exists(out) ? out : answers)
                    + " is there already: --resume goes on with it, or remove it");
        }
        DistillTally tally = new DistillTally();
        CountDownLatch ended = new CountDownLatch(1);
        try (ExampleOutput output = new ExampleOutput(out);
                AnswerFile books = new AnswerFile(answers, settings.endpoint().model(), settings.budget());
                CorpusSentences sentences = new CorpusSentences(corpus, terminal.in(), allSentences);
                OpenTeacher teacher = OpenTeacher.standalone(settings, books, tally);
                Terminal.Progress progress = terminal.progress("sentences")) {
            Duration patience = settings.endpoint().timeout().plus(AT_THE_END);
            DistillRun run = new DistillRun(sentences, teacher, output, tally, progress,
                    limit.orElse(Long.MAX_VALUE), settings.endpoint().connections(), patience);
            stop(run, patience, ended);
            Optional<String> ending = run.run();
            progress.close();
            return report(output, books, tally, ending.or(() ->
                    tally.examples() == 0 && tally.unanswered() > 0 ? run.lastFailure() : Optional.empty()));
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        } finally {
            ended.countDown();
        }
    }

    private TeacherSettings settings() {
        SmallRyeConfig all = Settings.load();
        MetaieConfig config = Settings.metaie(all);
        String baseUrl = config.llm().baseUrl().orElseThrow(() -> new CommandException(
                "no language model to ask: set METAIE_LLM_BASE_URL, and " + ApiKey.VARIABLE + " if it wants a key"));
        try {
            return TeacherSettings.of(config.llm(), config.distillation(), baseUrl,
                    budget.map(OptionalDouble::of).orElse(config.llm().budget()), all);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** On a signal the run ends in order: what is under way is paid for, and goes to the books. */
    private static void stop(DistillRun run, Duration patience, CountDownLatch ended) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            run.stop();
            try {
                ended.await(patience.plus(AT_THE_END).toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "metaie-distill-stop"));
    }

    private int report(ExampleOutput output, AnswerFile books, DistillTally tally, Optional<String> ending) {
        terminal.message(String.format(java.util.Locale.ROOT, "%s: %,d examples, %.4f USD in all; this run: %s",
                out, output.size(), books.spent(), tally.summary()));
        ending.ifPresent(why -> terminal.message("metaie: ended before its end: " + why + "; --resume goes on"));
        if (ending.isEmpty() && tally.failures() > 0) {
            terminal.message("metaie: --resume asks again about the sentences that failed");
        }
        return ending.isPresent() || tally.failures() > 0 ? 1 : 0;
    }
}
