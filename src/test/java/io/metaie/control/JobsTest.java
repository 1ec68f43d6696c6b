package io.metaie.control;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.tagging.TaggerUnavailableException;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class JobsTest {

    private static final JobEnd END = new JobEnd.Due(new byte[0]);

    private static final TaskState TASK = new TaskState("news", LabelSet.of(List.of(Label.named("Person"))), 0.5, true,
            new TaskState.Versions(List.of(), 1, 0),
            List.of(new Job(Job.Kind.IMPORT, Optional.empty(), new ControlPlace("id", 0, 9), 1)), List.of());

    private final AtomicInteger runs = new AtomicInteger();

    private Jobs jobs(Jobs.Work work) {
        return new Jobs(Map.of(Job.Kind.IMPORT, work));
    }

    private static List<Jobs.Ended> ended(Jobs jobs) {
        await().until(() -> !jobs.news().isEmpty());
        Jobs.News news = jobs.news();
        jobs.settled(news);
        return news.ended();
    }

    @Test
    void aJobIsBegunAgainWhileWhatItNeedsIsAway() {
        try (Jobs jobs = jobs((task, job, tell) -> {
            switch (runs.incrementAndGet()) {
                case 1 -> throw new TimeoutException("no answer");
                case 2 -> throw new CompletionException(new TaggerUnavailableException("no memory", null));
                default -> {
                    return END;
                }
            }
        })) {
            jobs.start(TASK);
            assertEquals(List.of(END), ended(jobs).stream().map(Jobs.Ended::end).toList());
            assertEquals(3, runs.get());
            assertTrue(jobs.isIdle());
        }
    }

    @Test
    void aJobThatFailsOfItselfHasEnded() {
        try (Jobs jobs = jobs((task, job, tell) -> {
            runs.incrementAndGet();
            throw new RecordTooLargeException("too large");
        })) {
            jobs.start(TASK);
            assertTrue(ended(jobs).get(0).end() instanceof JobEnd.Told);
            assertEquals(1, runs.get());
        }
    }

    @Test
    void theEndOfARunThatWasStoppedIsNotTheEndOfTheNext() {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (Jobs jobs = jobs((task, job, tell) -> {
            boolean stopped = runs.incrementAndGet() == 1;
            // The first does not hear that it is no longer wanted.
            awaitUninterrupted(stopped ? first : second);
            return END;
        })) {
            jobs.start(TASK);
            await().until(() -> runs.get() == 1);
            jobs.cancel();
            jobs.start(TASK);
            first.countDown();
            await().until(() -> runs.get() == 2); // on the same thread, so the first has ended
            assertTrue(jobs.news().isEmpty(), "that was the first");
            assertFalse(jobs.isIdle());
            second.countDown();
            assertEquals(1, ended(jobs).size());
        }
    }

    @Test
    void newsStayNewsUntilTheyAreSettled() {
        Event first = new Event.TaskDeleted(new About(Optional.of("news"), Optional.of("1")));
        Event second = new Event.TaskDeleted(new About(Optional.of("news"), Optional.of("2")));
        CountDownLatch goOn = new CountDownLatch(1);
        try (Jobs jobs = jobs((task, job, tell) -> {
            tell.accept(first);
            awaitUninterrupted(goOn);
            tell.accept(second);
            return END;
        })) {
            jobs.start(TASK);
            await().until(() -> !jobs.news().isEmpty());
            Jobs.News before = jobs.news();
            assertEquals(List.of(first), before.told());
            goOn.countDown();
            await().until(() -> !jobs.news().ended().isEmpty());
            jobs.settled(before);
            assertEquals(List.of(second), jobs.news().told());
            jobs.start(TASK);
            assertEquals(1, jobs.news().ended().size(), "it is not run again either");
            jobs.settled(jobs.news());
            assertTrue(jobs.news().isEmpty() && jobs.isIdle());
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
