package io.metaie.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class TaskRegistryTest {

    private static final LabelSet LABELS =
            LabelSet.of(List.of(Label.named("🚀 Person"), new Label("works for", Optional.of("🚀 Person"), "who {span} serves")));

    private static final TaskVersion VERSION = new TaskVersion(
            2, "m@0123456789ab", Optional.of(0.75), Optional.of(new TaskVersion.Before(0.5, 4)),
            Instant.parse("2026-01-31T12:00:00Z"), 3, "ab");

    private final Supply supply = new Supply();
    private final TaskRegistry registry = new TaskRegistry(new ConfiguredTasks(Optional.of(
            new TaskDefinition("default", LABELS, 0.25, true, Adapter.NONE))), supply, TaskObserver.NONE);

    /** Loads when it is told to. */
    private static final class Supply implements AdapterSupply {

        private final List<CompletableFuture<Void>> loads = new CopyOnWriteArrayList<>();
        private final List<Integer> forgotten = new ArrayList<>();
        private BiConsumer<Adapter, String> lost;

        @Override
        public void whenLost(BiConsumer<Adapter, String> listener) {
            lost = listener;
        }

        @Override
        public CompletableFuture<Void> load(String task, TaskVersion version) {
            loads.add(new CompletableFuture<>());
            return loads.get(loads.size() - 1);
        }

        @Override
        public void forget(String task, TaskVersion version) {
            forgotten.add(version.number());
        }
    }

    private static TaskState state() {
        return new TaskState("news", LABELS, 0.5, true,
                new TaskState.Versions(List.of(VERSION, new TaskVersion(3, "m@0123456789ab", Optional.empty(), Instant.EPOCH, 1, "")),
                        4, 2),
                List.of(new Job(Job.Kind.EVALUATE, Optional.of("c"), new ControlPlace("id", 0, 9), 0),
                        new Job(Job.Kind.EVALUATE, Optional.empty(), new ControlPlace("id", 0, 10), 2)),
                List.of("a", "c"));
    }

    private void apply(String key, byte[] value, String... places) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("metaie.tasks", 0, 0, key == null ? null : key.getBytes(UTF_8), value);
        for (String place : places) {
            record.headers().add(TaskRegistry.COMMAND, place.getBytes(UTF_8));
        }
        registry.apply(record);
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        TaskState read = TaskStateJson.read(TaskStateJson.write(state()));
        assertEquals(state().labels().labels(), read.labels().labels());
        assertEquals(state().versions(), read.versions());
        assertEquals(state().jobs(), read.jobs());
        assertEquals(state().commandIds(), read.commandIds());
        assertEquals(0.5, read.threshold());
        assertTrue(read.exclusive());
    }

    @Test
    void recordsThatAreNoTaskLeaveTheTaskAsItWas() {
        apply("news", TaskStateJson.write(state()));
        supply.loads.get(0).complete(null);
        for (String bad : List.of("", "{", "[]", "{}", "{\"task\":\"news\"}")) {
            assertThrows(IllegalArgumentException.class, () -> TaskStateJson.read(bad.getBytes(UTF_8)), bad);
            apply("news", bad.getBytes(UTF_8));
        }
        apply(null, new byte[0]);
        assertEquals(new Adapter("news", 2), registry.find("news").orElseThrow().adapter());
    }

    @Test
    void tombstonesTakeTasksAway() {
        apply("news", TaskStateJson.write(state()), "id/0/3");
        assertEquals(1, registry.all().size());
        apply("news", null, "id/0/5");
        assertTrue(registry.find("news").isEmpty());
        assertEquals(List.of(2, 3), supply.forgotten);
        assertEquals(Optional.of(5L), registry.carriedOut("id", 0));
        assertEquals(Optional.empty(), registry.carriedOut("another", 0));
        assertEquals(DeletedTask.NONE, registry.deleted("news"), "nothing is remembered by a tombstone that says nothing");
        apply("news", null, "nonsense");
        assertEquals(Optional.of(5L), registry.carriedOut("id", 0));
    }

    @Test
    void aTombstoneRemembersWhatTheTaskWas() {
        ConsumerRecord<byte[], byte[]> tombstone = new ConsumerRecord<>("metaie.tasks", 0, 0, "news".getBytes(UTF_8), null);
        tombstone.headers().add(TaskRegistry.DELETED, TaskStateJson.write(state().deleted()));
        registry.apply(tombstone);
        assertEquals(new DeletedTask(4, List.of("a", "c")), registry.deleted("news"));
        apply("news", TaskStateJson.write(state()));
        assertEquals(DeletedTask.NONE, registry.deleted("news"), "what the task itself knows counts");
    }

    @Test
    void aVersionThatIsLostGivesWayToTheMetaModel() {
        apply("news", TaskStateJson.write(state()));
        supply.loads.get(0).complete(null);
        assertEquals(2, registry.inForce("news"));
        supply.lost.accept(new Adapter("news", 1), "not in force");
        assertEquals(2, registry.inForce("news"));
        supply.lost.accept(new Adapter("news", 2), "a part is missing");
        assertEquals(Adapter.NONE, registry.find("news").orElseThrow().adapter());
        assertTrue(registry.troubles().get("news").contains("a part is missing"));
    }

    @Test
    void aVersionThatMadeRoomIsForgotten() {
        apply("news", TaskStateJson.write(state()));
        apply("news", TaskStateJson.write(state().with(new TaskState.Versions(List.of(VERSION), 4, 2))));
        assertEquals(List.of(3), supply.forgotten);
    }

    @Test
    void aVersionInForceThatMadeRoomGivesWayToTheMetaModel() {
        apply("news", TaskStateJson.write(state()));
        supply.loads.get(0).complete(null);
        apply("news", TaskStateJson.write(state().with(
                new TaskState.Versions(List.of(state().versions().find(3).orElseThrow()), 4, 3))));
        assertEquals(List.of(2), supply.forgotten);
        assertEquals(Adapter.NONE, registry.find("news").orElseThrow().adapter());
        supply.loads.get(1).complete(null);
        assertEquals(3, registry.inForce("news"));
    }

    @Test
    void aVersionThatCannotBeReadForTheBrokersIsReadAgain() {
        apply("news", TaskStateJson.write(state()));
        supply.loads.get(0).completeExceptionally(new CompletionException(new KafkaException("no answer")));
        assertTrue(registry.troubles().get("news").contains("cannot be read now"));
        await().until(() -> supply.loads.size() == 2);
        supply.loads.get(1).complete(null);
        assertEquals(2, registry.inForce("news"));
        assertEquals(java.util.Map.of(), registry.troubles());
    }

    @Test
    void aVersionThatBecomesReadyIsNotInForceAfterItsTaskIsGone() throws InterruptedException {
        AtomicBoolean waited = new AtomicBoolean();
        Thread[] deleting = new Thread[1];
        TaskRegistry[] raced = new TaskRegistry[1];
        TaskObserver slow = new TaskObserver() {
            @Override
            public void inForce(String task, int version, Optional<Double> f1) {
                if (version == 2) {
                    // Whoever deletes the task meanwhile has to wait until this is done.
                    deleting[0].start();
                    await().until(() -> deleting[0].getState() == Thread.State.BLOCKED);
                    waited.set(true);
                }
            }

            @Override
            public void gone(String task) {}
        };
        raced[0] = new TaskRegistry(new ConfiguredTasks(Optional.empty()), supply, slow);
        deleting[0] = new Thread(() ->
                raced[0].apply(new ConsumerRecord<>("metaie.tasks", 0, 1, "news".getBytes(UTF_8), null)));
        raced[0].apply(new ConsumerRecord<>("metaie.tasks", 0, 0, "news".getBytes(UTF_8), TaskStateJson.write(state())));
        supply.loads.get(0).complete(null);
        deleting[0].join();
        assertTrue(waited.get());
        assertTrue(raced[0].find("news").isEmpty());
        assertEquals(0, raced[0].inForce("news"));
    }

    @Test
    void aVersionIsInForceOnceItsWeightsAreReady() {
        registry.follows(() -> CompletableFuture.completedFuture(null));
        apply("news", TaskStateJson.write(state()));
        assertEquals(Adapter.NONE, registry.find("news").orElseThrow().adapter());
        CompletableFuture<Void> present = registry.present();
        assertFalse(present.isDone(), "the active version is not there yet");
        supply.loads.get(0).complete(null);
        present.join();
        assertEquals(new Adapter("news", 2), registry.find("news").orElseThrow().adapter());
        apply("news", TaskStateJson.write(state().with(new TaskState.Versions(state().versions().all(), 4, 3))));
        supply.loads.get(1).completeExceptionally(new IllegalStateException("a part is missing"));
        registry.present().join();
        assertEquals(new Adapter("news", 2), registry.find("news").orElseThrow().adapter(), "the last good one stays");
        assertTrue(registry.troubles().get("news").contains("a part is missing"));
        apply("news", TaskStateJson.write(state().with(new TaskState.Versions(state().versions().all(), 4, 0))));
        assertEquals(Adapter.NONE, registry.find("news").orElseThrow().adapter());
        assertEquals(java.util.Map.of(), registry.troubles());
    }

    @Test
    void aTaskOfTheDefaultOnesNameTakesItsPlace() {
        assertEquals(0.25, registry.defaultTask().orElseThrow().threshold());
        apply("default", TaskStateJson.write(TaskState.defined("default", LABELS, 0.75, false, DeletedTask.NONE)));
        assertEquals(0.75, registry.defaultTask().orElseThrow().threshold());
        apply("default", null);
        assertEquals(0.25, registry.find("default").orElseThrow().threshold());
    }

    @Test
    void whoAsksForThePresentIsAnsweredByAQuestionAskedAfterwards() {
        CompletableFuture<Void> before = registry.present();
        List<CompletableFuture<Void>> questions = new ArrayList<>();
        registry.follows(() -> {
            questions.add(new CompletableFuture<>());
            return questions.get(questions.size() - 1);
        });
        assertEquals(1, questions.size());
        CompletableFuture<Void> during = registry.present();
        CompletableFuture<Void> too = registry.present();
        questions.get(0).complete(null);
        assertTrue(before.isDone());
        assertFalse(during.isDone(), "the question was older");
        assertEquals(2, questions.size(), "one question for both");
        questions.get(1).completeExceptionally(new IllegalStateException("away"));
        assertThrows(CompletionException.class, during::join);
        assertThrows(CompletionException.class, too::join);
        registry.present();
        assertEquals(3, questions.size());
    }
}
