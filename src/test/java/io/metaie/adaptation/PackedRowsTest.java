package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.tagging.Query;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PackedRowsTest {

    private static final int PAD = 1;

    @Test
    void shortOnesShareALine() {
        PackedRows packed = PackedRows.of(List.of(query(2), query(5), query(3)), PAD, 2);
        assertEquals(1 + 1, packed.lines());
        assertEquals(5, packed.width());
        assertArrayEquals(new long[] {100, 101, 102, 103, 104, 100, 101, 102, 100, 101}, packed.tokens());
        assertArrayEquals(new long[] {2, 3, 4, 5, 6, 2, 3, 4, 2, 3}, packed.positions());
        assertArrayEquals(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 2, 2}, packed.segments());
        assertArrayEquals(new int[] {8, 0, 5}, packed.starts());
    }

    /** Each sequence lies in one line, whole, in a segment of its own; what is not taken is padding. */
    @Property(tries = 300)
    void everySequenceIsThere(@ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 50) Integer> lengths) {
        PackedRows packed = PackedRows.of(lengths.stream().map(PackedRowsTest::query).toList(), PAD, 2);
        int taken = 0;
        for (int i = 0; i < lengths.size(); i++) {
            int start = packed.starts()[i];
            int end = start + lengths.get(i) - 1;
            assertEquals(start / packed.width(), end / packed.width());
            for (int slot = start; slot <= end; slot++) {
                assertEquals(100 + slot - start, packed.tokens()[slot]);
                assertEquals(packed.segments()[start], packed.segments()[slot]);
            }
            boolean alone = (end + 1) % packed.width() == 0 || packed.segments()[end + 1] != packed.segments()[start];
            assertTrue(alone);
            taken += lengths.get(i);
        }
        long padding = IntStream.range(0, packed.slots()).filter(slot -> packed.segments()[slot] == 0).count();
        assertEquals(packed.slots(), taken + padding);
        assertTrue(packed.slots() <= 2 * taken + packed.width(), "lines are at least half full, but for one");
    }

    private static Query query(int length) {
        return new Query(IntStream.range(100, 100 + length).toArray(), new int[] {0});
    }
}
