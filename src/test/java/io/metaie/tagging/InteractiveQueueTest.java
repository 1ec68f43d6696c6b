package io.metaie.tagging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.tagging.PendingQuery.Work;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InteractiveQueueTest {

    private static final int BUDGET = 100;
    private static final Adapter NEWS = new Adapter("news", 1);

    private final InteractiveQueue queue = new InteractiveQueue(BUDGET);
    private long clock;

    @Test
    void aShortQuestionDoesNotWaitForALongOne() {
        int[] many = new int[50];
        Arrays.fill(many, 20);
        add(Adapter.NONE, many);
        Work small = add(Adapter.NONE, 10, 10, 10);
        List<PendingQuery> first = queue.next();
        List<PendingQuery> second = queue.next();
        assertEquals(3, first.stream().filter(p -> p.work() == small).count()
                + second.stream().filter(p -> p.work() == small).count());
    }

    @Test
    void oneQuestionIsServedAtOnceAndTheStreamThenHasThreeTimesItsTokens() {
        add(Adapter.NONE, 20, 20);
        assertTrue(queue.due(true));
        assertEquals(2, queue.next().size());
        add(Adapter.NONE, 10);
        assertFalse(queue.due(true));
        queue.streamed(100);
        assertFalse(queue.due(true));
        queue.streamed(20);
        assertTrue(queue.due(true));
    }

    @Test
    void whenTheStreamHasNothingNobodyWaits() {
        add(Adapter.NONE, 90);
        queue.next();
        add(Adapter.NONE, 90);
        assertFalse(queue.due(true));
        assertTrue(queue.due(false));
        assertEquals(1, queue.next().size());
        assertFalse(queue.due(false));
    }

    @Test
    void aLongQuietTimeBuysNoMoreThanItsTurn() {
        queue.streamed(1_000_000);
        add(Adapter.NONE, 90);
        add(Adapter.NONE, 90);
        queue.next();
        assertFalse(queue.due(true));
    }

    @Test
    void theAdapterWhoseQueryWaitsLongestIsServedFirst() {
        add(NEWS, 20);
        add(Adapter.NONE, 20, 20);
        assertEquals(NEWS, queue.next().get(0).work().adapter);
        assertEquals(2, queue.next().size());
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatNobodyWaitsForIsDropped() {
        add(Adapter.NONE, 20, 20).future.cancel(false);
        assertEquals(List.of(), queue.next());
        assertTrue(queue.isEmpty());
    }

    @Property
    void everyQueryIsTakenOnceAndBudgetsHold(
            @ForAll @Size(max = 20) List<@Size(min = 1, max = 9) List<@IntRange(min = 1, max = 130) Integer>> questions) {
        InteractiveQueue queue = new InteractiveQueue(BUDGET);
        int total = 0;
        for (int i = 0; i < questions.size(); i++) {
            int[] lengths = questions.get(i).stream().mapToInt(Integer::intValue).toArray();
            add(queue, i % 3 == 0 ? NEWS : Adapter.NONE, i, lengths);
            total += Arrays.stream(lengths).sum();
        }
        int seen = 0;
        while (!queue.isEmpty()) {
            List<PendingQuery> batch = queue.next();
            assertFalse(batch.isEmpty());
            assertEquals(1, batch.stream().map(p -> p.work().adapter).distinct().count());
            int tokens = batch.stream().mapToInt(PendingQuery::length).sum();
            assertTrue(tokens <= BUDGET || batch.size() == 1, tokens + " tokens in " + batch.size());
            seen += tokens;
        }
        assertEquals(total, seen);
    }

    private Work add(Adapter adapter, int... lengths) {
        return add(queue, adapter, clock++, lengths);
    }

    private static Work add(InteractiveQueue queue, Adapter adapter, long since, int... lengths) {
        Work work = new Work(Source.INTERACTIVE, adapter,
                Arrays.stream(lengths).mapToObj(length -> new Query(new int[length], new int[] {0})).toList());
        for (int i = 0; i < lengths.length; i++) {
            queue.add(new PendingQuery(work, i, since));
        }
        return work;
    }
}
