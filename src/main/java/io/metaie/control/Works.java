package io.metaie.control;

import io.metaie.adapter.AdapterStore;
import io.metaie.adapter.ServedAdapters;
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

/** What commands and their jobs work with: the model, what trains it, and the adapters that there are. */
final class Works implements CommandHandler.Weights {

    private static final Source EVALUATION = new Source("evaluation", false);

    private final KafkaClients clients;
    private final AdapterStore store;
    private final ServedAdapters served;
    private final Training training;
    private final Provider<Engine> engine;

    Works(KafkaClients clients, AdapterStore store, ServedAdapters served, Training training, Provider<Engine> engine) {
        this.clients = clients;
        this.store = store;
        this.served = served;
        this.training = training;
        this.engine = engine;
    }

    /** The hash of the model that tags here. */
    String model() {
        return engine.get().checkpoint().hash();
    }

    /**
     * What runs the jobs of commands.
     *
     * @param examples the topic of collected examples
     * @param partBytes how large a part of an adapter may be
     */
    Jobs jobs(ControlTopic control, CommandReader reader, String examples, int partBytes) {
        CommandLog log = new CommandLog(clients, control);
        return new Jobs(Map.of(
                Job.Kind.COMMAND, new WaitingCommands(log),
                Job.Kind.EVALUATE, new Evaluations(log, reader, served::hold, (adapter, threshold) -> new Evaluator(
                        engine.get().encoder(), engine.get().batcher(), EVALUATION, adapter, threshold)),
                Job.Kind.IMPORT, new Imports(log, reader, () -> engine.get().checkpoint(), store, partBytes),
                Job.Kind.ADAPT, new Adaptations(log, reader, engine::get, training::get, store,
                        new CollectedExamples(clients, examples), partBytes)));
    }

    @Override
    public Optional<String> fault(String task, TaskVersion version) {
        return served.fault(task, version);
    }

    @Override
    public List<String> uploads(String task) {
        return store.uploads(task);
    }
}
