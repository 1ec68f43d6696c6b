package io.metaie.control;

import io.metaie.kafka.Backoff;
import io.metaie.kafka.Outage;
import io.metaie.kafka.StopSignal;
import io.metaie.tagging.TaggerUnavailableException;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Runs the jobs of the commands this instance owns, on threads of their own. A job is known to be over only when its end
 * is committed: until then it would be run again by whoever owns the command. One that fails because the brokers or the
 * tagger are away is begun again until they are back.
 */
final class Jobs implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Map<Job.Kind, Work> works;
    private final Map<Job.Kind, ExecutorService> threads = new EnumMap<>(Job.Kind.class);
    private final ConcurrentLinkedQueue<Event> told = new ConcurrentLinkedQueue<>();
    /** Until their end is settled. */
    private final Map<Key, Run> running = new LinkedHashMap<>();
    private final ConcurrentLinkedQueue<Finished> finished = new ConcurrentLinkedQueue<>();
    private final StopSignal stop = new StopSignal();

    /** Does what a job says. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it, however long that takes.
         *
         * @param tell is told how it goes
         * @return how it ended
         * @throws InterruptedException when it is no longer wanted here
         */
        JobEnd run(TaskState task, Job job, Consumer<Event> tell) throws InterruptedException;
    }

    /** A job that has ended. */
    record Ended(String task, Job job, JobEnd end) {}

    private record Key(String task, Job job) {}

    /**
     * What is new of jobs.
     *
     * @param told what there is to tell of those that go on
     * @param ended those that have ended
     */
    record News(List<Event> told, List<Ended> ended) {

        boolean isEmpty() {
            return told.isEmpty() && ended.isEmpty();
        }
    }

    /** One time that a job is run; it may have to be run again. For the thread that starts and stops jobs. */
    private static final class Run {

        private Future<?> future;
        private Optional<Ended> ended = Optional.empty();
        private volatile boolean unwanted;

        void cancel() {
            unwanted = true;
            future.cancel(true);
        }
    }

    private record Finished(Run run, Ended ended) {}

    /** @param works what is to be done for each kind of job; each kind has one thread, which does one after the other */
    Jobs(Map<Job.Kind, Work> works) {
        this.works = Map.copyOf(works);
        works.keySet().forEach(kind -> threads.put(kind, Executors.newSingleThreadExecutor(body -> {
            Thread thread = new Thread(body, "metaie-" + kind.name().toLowerCase(Locale.ROOT));
            thread.setDaemon(true);
            return thread;
        })));
    }

    /**
     * Starts the first job of a task, unless it runs: those behind it wait for it. For one thread, as all but the work
     * itself.
     *
     * @return whether anything was started
     */
    boolean start(TaskState task) {
        Optional<Job> first = task.jobs().stream().findFirst().filter(job -> !running.containsKey(new Key(task.name(), job)));
        first.ifPresent(job -> {
            Run run = new Run();
            running.put(new Key(task.name(), job), run);
            run.future = threads.get(job.kind()).submit(() -> run(run, task, job));
        });
        return first.isPresent();
    }

    /** Whether nothing runs, and nothing has ended that is not settled. */
    boolean isIdle() {
        return running.isEmpty();
    }

    /** What is new; the same again, and what has come to it, until it is settled. */
    News news() {
        for (Finished one = finished.poll(); one != null; one = finished.poll()) {
            // One that was cancelled ended for nobody, even if the same job runs again.
            Run run = running.get(new Key(one.ended().task(), one.ended().job()));
            if (run == one.run()) {
                run.ended = Optional.of(one.ended());
            }
        }
        return new News(List.copyOf(told), running.values().stream().flatMap(run -> run.ended.stream()).toList());
    }

    /** It is committed. */
    void settled(News news) {
        news.told().forEach(event -> told.poll());
        news.ended().forEach(end -> running.remove(new Key(end.task(), end.job())));
    }

    /** Stops the jobs of a task that no longer has them. */
    void retain(String task, Optional<TaskState> state) {
        running.entrySet().removeIf(entry -> {
            boolean unwanted = entry.getKey().task().equals(task)
                    && state.filter(known -> known.jobs().contains(entry.getKey().job())).isEmpty();
            if (unwanted) {
                entry.getValue().cancel();
            }
            return unwanted;
        });
    }

    /** Stops everything: somebody else may own it now. */
    void cancel() {
        running.values().forEach(Run::cancel);
        running.clear();
        finished.clear();
        told.clear();
    }

    private void run(Run run, TaskState task, Job job) {
        try {
            end(run, task, job, untilDone(run, task, job));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (InterruptException e) {
            LOG.debugf(e, "Task %s: a job is no longer wanted here", task.name());
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "Task %s: the job of the command at %s failed", task.name(), job.place());
            end(run, task, job, new JobEnd.Told(CommandHandler.failed(task.name(), job, "an internal fault: " + e)));
        }
    }

    private void end(Run run, TaskState task, Job job, JobEnd end) {
        finished.add(new Finished(run, new Ended(task.name(), job, end)));
    }

    private void tell(Run run, Event event) {
        if (!run.unwanted) {
            told.add(event);
        }
    }

    private JobEnd untilDone(Run run, TaskState task, Job job) throws InterruptedException {
        Backoff pause = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        boolean waiting = false;
        while (true) {
            try {
                return works.get(job.kind()).run(task, job, event -> tell(run, event));
            } catch (InterruptException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!passes(e)) {
                    throw e;
                }
                if (!waiting) {
                    LOG.warnf("Task %s: the job of the command at %s cannot go on now (%s); it is tried again until it can",
                            task.name(), job.place(), Outage.cause(e));
                    waiting = true;
                }
                stop.pause(pause.next());
            }
        }
    }

    /** Whether a job failed of what it needs being away, and not of itself. */
    static boolean passes(Throwable failure) {
        return Outage.isBehind(failure) || Outage.cause(failure) instanceof TaggerUnavailableException;
    }

    @Override
    public void close() {
        stop.set();
        cancel();
        threads.values().forEach(ExecutorService::shutdownNow);
    }
}
