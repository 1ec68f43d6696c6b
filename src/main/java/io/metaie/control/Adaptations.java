package io.metaie.control;

import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.AdaptationListener;
import io.metaie.adaptation.AdaptationOptions;
import io.metaie.adaptation.AdaptationResult;
import io.metaie.adaptation.Comparison;
import io.metaie.adaptation.GivenExamples;
import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.adaptation.LearningSet;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.adaptation.TrainingUnavailableException;
import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterStore;
import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.Learn;
import io.metaie.control.Event.AdaptationProgress;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.BeforeAfter;
import io.metaie.control.Event.Gate;
import io.metaie.engine.Engine;
import io.metaie.evaluation.Selection;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.InvalidLabelsException;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Makes versions of tasks of the examples of {@code adapt} commands. */
final class Adaptations implements CommandWork.Body<Adapt> {

    private static final Logger LOG = Logger.getLogger(Adaptations.class);
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private final Supplier<Engine> engine;
    private final Training training;
    private final AdapterStore store;
    private final CollectedExamples collected;
    private final int partBytes;

    /** Opens what trains, on the thread that will use it. */
    @FunctionalInterface
    interface Training {
        Trainer open() throws TrainingUnavailableException;
    }

    /** @param partBytes how large a part of an adapter may be */
    Adaptations(Supplier<Engine> engine, Training training, AdapterStore store, CollectedExamples collected,
            int partBytes) {
        this.engine = engine;
        this.training = training;
        this.store = store;
        this.collected = collected;
        this.partBytes = partBytes;
    }

    @Override
    public JobEnd run(Adapt command, byte[] value, TaskState task, Job job, Consumer<Event> tell)
            throws InterruptedException {
        try {
            LearningSet set = learningSet(command, task, job, tell);
            AdaptationOptions options = options(command.options());
            LOG.infof("Task %s: version %d is being made of %d sentences", task.name(), job.version(), set.sentences().size());
            Adaptation adaptation = new Adaptation(training.open(), engine.get().checkpoint(), engine.get().encoder(),
                    new LearnerScorer(engine.get().encoder(), new Selection(task.threshold(), task.exclusive())));
            AdaptationResult<byte[]> result = adaptation.run(
                    set, options, before(task), new Listener(command.about(), job.version(), tell),
                    learner -> file(learner, (Method.Lora) options.method(), task));
            return made(task, job, result);
        } catch (CancellationException e) {
            throw new InterruptedException();
        } catch (InvalidLabelsException | TrainingFailedException | TrainingUnavailableException | AdapterException
                | IllegalArgumentException e) {
            return failed(task, job, String.valueOf(e.getMessage()));
        }
    }

    /** What there is to learn from. Collected examples are counted only now, since there may be many. */
    private LearningSet learningSet(Adapt command, TaskState task, Job job, Consumer<Event> tell) {
        if (command.from() instanceof Learn.Examples given) {
            return LearningSet.of(GivenExamples.read(given.examples(), task.labels()).examples());
        }
        LearningSet set = collected.read((Learn.Distilled) command.from(), task.labels());
        tell.accept(new AdaptationStarted(
                command.about(), job.version(), set.sentences().size(), set.spans(), 0, set.warnings()));
        return set;
    }

    private static JobEnd failed(TaskState task, Job job, String reason) {
        LOG.warnf("Task %s: version %d was not made: %s", task.name(), job.version(), reason);
        return new JobEnd.Told(CommandHandler.failed(task.name(), job, reason));
    }

    private static AdaptationOptions options(AdaptOptions given) {
        return new AdaptationOptions(
                Method.Lora.ofRank(given.rank().orElse(Method.Lora.DEFAULT_RANK)),
                given.epochs(),
                given.learningRate(),
                given.seed().orElse(0),
                given.holdout(),
                AdaptationOptions.Activation.valueOf(given.activate().name()));
    }

    /** The weights in force until now; those of another model count as none. */
    private Optional<AdapterFile> before(TaskState task) throws AdapterException {
        Optional<TaskVersion> active = task.versions().find(task.active())
                .filter(version -> version.isFor(engine.get().checkpoint().hash()));
        return active.isEmpty() ? Optional.empty() : Optional.of(store.read(task.name(), active.get()));
    }

    private byte[] file(Learner learner, Method.Lora method, TaskState task) {
        Description description = new Description(engine.get().checkpoint().hash(), method.rank(), method.alpha(),
                task.name(), LabelsJson.write(task.labels()));
        return AdapterFile.of(description, learner.weights(ElementType.F16)).bytes();
    }

    private JobEnd made(TaskState task, Job job, AdaptationResult<byte[]> result) {
        byte[] file = result.model();
        var parts = AdapterParts.cut(AdapterParts.prefix(task.name(), job.version()), file, partBytes);
        TaskVersion version = new TaskVersion(job.version(), engine.get().model(),
                result.comparison().map(comparison -> comparison.after().micro().f1()),
                result.comparison().map(comparison -> new TaskVersion.Before(
                        comparison.before().micro().f1(), comparison.sentences())),
                Instant.now(), parts.size(), AdapterParts.sha256(file));
        return new JobEnd.Made(version, parts, result.comparison().map(Adaptations::gate),
                result.took().toMillis() / 1e3, result.verdict().activate(), result.verdict().reason());
    }

    private static Gate gate(Comparison comparison) {
        Map<String, BeforeAfter> labels = new LinkedHashMap<>();
        comparison.after().labels().forEach((label, after) -> labels.put(label, new BeforeAfter(
                Optional.ofNullable(comparison.before().labels().get(label)).map(before -> before.f1()).orElse(0.0),
                after.f1())));
        return new Gate(new BeforeAfter(comparison.before().micro().f1(), comparison.after().micro().f1()), labels,
                comparison.sentences());
    }

    /** Tells of the progress, once a second at most. */
    private static final class Listener implements AdaptationListener {

        private final About about;
        private final int version;
        private final Consumer<Event> tell;
        private long told = System.nanoTime() - PROGRESS_NANOS;

        Listener(About about, int version, Consumer<Event> tell) {
            this.about = about;
            this.version = version;
            this.tell = tell;
        }

        @Override
        public void progress(int epoch, int epochs, double loss) {
            long now = System.nanoTime();
            if (epoch == epochs || now - told >= PROGRESS_NANOS) {
                told = now;
                tell.accept(new AdaptationProgress(about, version, epoch, epochs, loss));
            }
        }

        @Override
        public boolean isCancelled() {
            return Thread.currentThread().isInterrupted();
        }
    }
}
