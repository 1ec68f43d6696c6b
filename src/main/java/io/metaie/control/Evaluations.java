package io.metaie.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.EvaluationCompleted;
import io.metaie.dataset.ExampleJson;
import io.metaie.dataset.InvalidExampleException;
import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.label.InvalidLabelsException;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Adapters;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Measures versions of tasks on the examples of {@code evaluate} commands. */
final class Evaluations implements CommandWork.Body<Evaluate> {

    private static final int SHOWN_FAULTS = 20;

    private final Holds holds;
    private final Evaluators evaluators;

    /** Makes what measures one version. */
    @FunctionalInterface
    interface Evaluators {
        Evaluator of(Adapter adapter, Selection selection);
    }

    /** Keeps a version with the tagger while it is measured. */
    @FunctionalInterface
    interface Holds {
        CompletableFuture<Adapters.Hold> of(String task, TaskVersion version);
    }

    Evaluations(Holds holds, Evaluators evaluators) {
        this.holds = holds;
        this.evaluators = evaluators;
    }

    @Override
    public JobEnd run(Evaluate command, byte[] value, TaskState task, Job job, Consumer<Event> tell)
            throws InterruptedException {
        About about = new About(Optional.of(task.name()), job.commandId());
        try {
            List<Example> examples = examples(command.examples(), task);
            Adapter adapter = job.version() == 0 ? Adapter.NONE : new Adapter(task.name(), job.version());
            try (Adapters.Hold hold = hold(task, job.version()).join()) {
                Evaluator evaluator = evaluators.of(adapter, new Selection(task.threshold(), task.exclusive()));
                return new JobEnd.Told(new EvaluationCompleted(about, job.version(), evaluate(evaluator, examples)));
            }
        } catch (CompletionException e) {
            if (Jobs.passes(e)) {
                throw e;
            }
            return new JobEnd.Told(new CommandRejected(about,
                    "version " + job.version() + " cannot be evaluated: " + e.getCause().getMessage(), Optional.of(value)));
        } catch (InvalidLabelsException | InvalidExampleException e) {
            return new JobEnd.Told(new CommandRejected(about, e.getMessage(), Optional.of(value)));
        }
    }

    private CompletableFuture<Adapters.Hold> hold(TaskState task, int version) {
        return task.versions().find(version)
                .map(known -> holds.of(task.name(), known))
                .orElseGet(() -> CompletableFuture.completedFuture(() -> {}));
    }

    private static List<Example> examples(List<JsonNode> written, TaskState task) throws InvalidExampleException {
        ExampleJson json = new ExampleJson(Optional.of(task.labels()));
        List<Example> examples = new ArrayList<>(written.size());
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            try {
                examples.add(json.read(written.get(i)));
            } catch (InvalidExampleException e) {
                faults.add("examples[" + i + "]: " + e.getMessage());
            }
        }
        if (faults.isEmpty()) {
            return examples;
        }
        String more = faults.size() > SHOWN_FAULTS ? "; and " + (faults.size() - SHOWN_FAULTS) + " more" : "";
        throw new InvalidExampleException(
                String.join("; ", faults.subList(0, Math.min(faults.size(), SHOWN_FAULTS))) + more);
    }

    private static Scores evaluate(Evaluator evaluator, List<Example> examples) throws InterruptedException {
        try {
            return evaluator.evaluate(examples.iterator(), done -> {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException();
                }
            });
        } catch (CancellationException e) {
            throw new InterruptedException();
        }
    }
}
