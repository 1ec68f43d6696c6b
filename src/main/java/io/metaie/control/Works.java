package io.metaie.control;

import io.metaie.adapter.AdapterStore;
import io.metaie.adapter.ServedAdapters;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Command.Import;
import io.metaie.control.ControlSession.ControlTopic;
import io.metaie.engine.Engine;
import io.metaie.evaluation.Evaluator;
import io.metaie.kafka.KafkaClients;
import io.metaie.tagging.Source;
import io.metaie.task.Job;
import io.metaie.task.TaskVersion;
import jakarta.inject.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** What commands and their jobs work with: the model, what trains it, and the adapters that there are. */
final class Works implements CommandHandler.Weights {

    private static final Source EVALUATION = new Source("evaluation", false);
    private static final long PATIENCE_SECONDS = 20;

    private final KafkaClients clients;
    private final AdapterStore store;
    private final ServedAdapters served;
    private final Training training;
    private final Provider<Engine> engine;
    private final CollectedExamples collected;

    /** @param examples the topic of collected examples, which need not be there */
    Works(KafkaClients clients, AdapterStore store, ServedAdapters served, Training training, Provider<Engine> engine,
            String examples) {
        this.clients = clients;
        this.store = store;
        this.served = served;
        this.training = training;
        this.engine = engine;
        this.collected = new CollectedExamples(clients, examples);
    }

    /** The hash of the model that tags here. */
    String model() {
        return engine.get().checkpoint().hash();
    }

    /**
     * What runs the jobs of commands.
     *
     * @param partBytes how large a part of an adapter may be
     */
    Jobs jobs(ControlTopic control, CommandReader reader, int partBytes) {
        CommandLog log = new CommandLog(clients, control);
        return new Jobs(Map.of(
                Job.Kind.COMMAND, new WaitingCommands(log),
                Job.Kind.EVALUATE, new CommandWork<>(log, reader, Evaluate.class,
                        new Evaluations(served::hold, (adapter, selection) -> new Evaluator(
                                engine.get().encoder(), engine.get().batcher(), EVALUATION, adapter, selection))),
                Job.Kind.IMPORT, new CommandWork<>(log, reader, Import.class,
                        new Imports(() -> engine.get().checkpoint(), store, partBytes)),
                Job.Kind.ADAPT, new CommandWork<>(log, reader, Adapt.class,
                        new Adaptations(engine::get, training::get, store, collected, partBytes))));
    }

    @Override
    public Optional<String> fault(String task, TaskVersion version) {
        return served.fault(task, version);
    }

    @Override
    public List<String> uploads(String task) {
        try {
            store.present().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the adapters' topic cannot be read now", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return store.uploads(task);
    }

    @Override
    public Optional<String> withoutTeacher() {
        return collected.fault();
    }
}
