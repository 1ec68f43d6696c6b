package io.metaie.tagging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.tagging.PendingQuery.Work;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QueryQueueTest {

    private static final Source A = new Source("a", false);
    private static final Source B = new Source("b", false);
    private static final Source C = new Source("c", false);
    private static final Adapter NEWS = new Adapter("news", 1);

    private final QueryQueue queue = new QueryQueue(8, 100);
    private long clock;

    @Test
    void aWindowIsSortedByLength() {
        add(A, Adapter.NONE, 10, 40, 20, 50);
        assertEquals(List.of(50, 40), lengths(queue.next()));
        assertEquals(List.of(20, 10), lengths(queue.next()));
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.tokens());
    }

    @Test
    void aQueryLongerThanTheBudgetRunsAlone() {
        add(A, Adapter.NONE, 10, 400);
        assertEquals(List.of(400), lengths(queue.next()));
        assertEquals(List.of(10), lengths(queue.next()));
    }

    @Test
    void sourcesTakeTurnsByTokens() {
        add(A, Adapter.NONE, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30);
        add(B, Adapter.NONE, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10);
        // A window of eight: about as many tokens of the one as of the other.
        List<PendingQuery> first = queue.next();
        List<PendingQuery> second = queue.next();
        long ofB = first.stream().filter(p -> p.work().source == B).count()
                + second.stream().filter(p -> p.work().source == B).count();
        assertEquals(8, first.size() + second.size());
        assertTrue(ofB >= 5, ofB + " of 8 queries are the short ones'");
    }

    @Test
    void theAdapterWhoseQueryWaitsLongestIsServedFirst() {
        add(A, NEWS, 20);
        add(A, Adapter.NONE, 20, 20);
        add(B, NEWS, 20);
        assertEquals(NEWS, queue.next().get(0).work().adapter);
        List<PendingQuery> second = queue.next();
        assertEquals(2, second.size());
        assertTrue(second.stream().allMatch(p -> p.work().adapter.equals(Adapter.NONE)));
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatNobodyWaitsForIsDropped() {
        PendingQuery given = add(A, Adapter.NONE, 20, 20);
        add(A, Adapter.NONE, 30);
        given.work().future.cancel(false);
        assertEquals(List.of(30), lengths(queue.next()));
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.tokens());
        assertEquals(List.of(), queue.next());
    }

    @Property
    void everyQueryIsTakenOnceAndBudgetsHold(
            @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 130) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 40) int seed) {
        QueryQueue queue = new QueryQueue(8, 100);
        int total = 0;
        for (int i = 0; i < lengths.size(); i++) {
            Source source = List.of(A, B, C).get((i * seed) % 3);
            Adapter adapter = (i * seed) % 5 < 3 ? Adapter.NONE : NEWS;
            queue.add(pending(source, adapter, lengths.get(i), i));
            total += lengths.get(i);
        }
        assertEquals(total, queue.tokens());
        int seen = 0;
        while (!queue.isEmpty()) {
            List<PendingQuery> batch = queue.next();
            assertFalse(batch.isEmpty());
            assertEquals(1, batch.stream().map(p -> p.work().adapter).distinct().count());
            int tokens = batch.stream().mapToInt(PendingQuery::length).sum();
            assertTrue(tokens <= 100 || batch.size() == 1, tokens + " tokens in " + batch.size());
            seen += tokens;
        }
        assertEquals(total, seen);
        assertEquals(0, queue.tokens());
    }

    private PendingQuery add(Source source, Adapter adapter, int... lengths) {
        PendingQuery last = null;
        Work work = new Work(source, adapter,
                java.util.Arrays.stream(lengths).mapToObj(QueryQueueTest::query).toList());
        for (int i = 0; i < lengths.length; i++) {
            last = new PendingQuery(work, i, clock++);
            queue.add(last);
        }
        return last;
    }

    private static PendingQuery pending(Source source, Adapter adapter, int length, long since) {
        return new PendingQuery(new Work(source, adapter, Collections.singletonList(query(length))), 0, since);
    }

    private static Query query(int length) {
        return new Query(new int[length], new int[] {0});
    }

    private static List<Integer> lengths(List<PendingQuery> batch) {
        return batch.stream().map(PendingQuery::length).toList();
    }
}
