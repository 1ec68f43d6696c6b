package io.metaie.control;

import io.metaie.control.Event.CommandRejected;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Runs the jobs of the commands this instance owns, on a thread of their own. A job is known to be over only when its end
 * is committed: until then it would be run again by whoever owns the command.
 */
final class Jobs implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private final Work work;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(body -> {
        Thread made = new Thread(body, "metaie-evaluation");
        made.setDaemon(true);
        return made;
    });
    private final Map<Key, Future<?>> running = new HashMap<>();
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();

    /** Does what a job says. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it, however long that takes.
         *
         * @return the event that ends it
         * @throws InterruptedException when it is no longer wanted here
         */
        Event run(TaskState task, Job job) throws InterruptedException;
    }

    /** A job that has ended, with the event that says how. */
    record Ended(String task, Job job, Event event) {}

    private record Key(String task, Job job) {}

    Jobs(Work work) {
        this.work = work;
    }

    /** Starts those jobs of a task that are not running. For one thread, as all but the work itself. */
    void start(TaskState task) {
        for (Job job : task.jobs()) {
            running.computeIfAbsent(new Key(task.name(), job), key -> thread.submit(() -> run(task, job)));
        }
    }

    /** Whether anything runs, or has ended and was not asked for. */
    boolean isIdle() {
        return running.isEmpty();
    }

    /** What has ended since. */
    List<Ended> poll() {
        List<Ended> all = new ArrayList<>();
        for (Ended one = ended.poll(); one != null; one = ended.poll()) {
            // One that was cancelled ended for nobody.
            if (running.remove(new Key(one.task(), one.job())) != null) {
                all.add(one);
            }
        }
        return all;
    }

    /** Stops the jobs of a task that no longer has them. */
    void retain(String task, Optional<TaskState> state) {
        running.entrySet().removeIf(entry -> {
            boolean unwanted = entry.getKey().task().equals(task)
                    && state.filter(known -> known.jobs().contains(entry.getKey().job())).isEmpty();
            if (unwanted) {
                entry.getValue().cancel(true);
            }
            return unwanted;
        });
    }

    /** Stops everything: somebody else may own it now. */
    void cancel() {
        running.values().forEach(job -> job.cancel(true));
        running.clear();
        ended.clear();
    }

    private void run(TaskState task, Job job) {
        try {
            ended.add(new Ended(task.name(), job, work.run(task, job)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "Task %s: the job of the command at %s failed", task.name(), job.place());
            About about = new About(Optional.of(task.name()), job.commandId());
            ended.add(new Ended(task.name(), job,
                    new CommandRejected(about, "an internal fault: " + e, Optional.empty())));
        }
    }

    @Override
    public void close() {
        cancel();
        thread.shutdownNow();
    }
}
