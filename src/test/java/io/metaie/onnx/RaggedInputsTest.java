package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RaggedInputsTest {

    /** What a graph is given. */
    private static final class Given implements RunInputs.Taker {

        private final Map<String, int[]> ints = new HashMap<>();
        private final Map<String, float[]> floats = new HashMap<>();
        private final Map<String, long[]> shapes = new HashMap<>();

        @Override
        public void ints(String name, IntBuffer content, long... shape) {
            int[] copy = new int[content.remaining()];
            content.duplicate().get(copy);
            ints.put(name, copy);
            shapes.put(name, shape);
        }

        @Override
        public void floats(String name, FloatBuffer content, long... shape) {
            float[] copy = new float[content.remaining()];
            content.duplicate().get(copy);
            floats.put(name, copy);
            shapes.put(name, shape);
        }
    }

    /** Tokens 10, 12 and 13 of the second query stand where the first has them, 12 of the third does not. */
    private static Given given() throws Exception {
        List<Query> queries = List.of(
                new Query(new int[] {10, 11, 12, 13}, new int[] {2, 3}),
                new Query(new int[] {10, 21, 12, 13}, new int[] {2}),
                new Query(new int[] {12}, new int[] {0}));
        Workspace workspace = new Workspace();
        workspace.reset(RaggedInputs.bytes(queries, Cases.open("tiny-roberta").config()), RaggedInputs.PIECES);
        Given given = new Given();
        RaggedInputs.of(queries, Cases.open("tiny-roberta").config(), workspace).give(given);
        given.shapes.forEach((name, shape) -> {
            long elements = 1;
            for (long dimension : shape) {
                elements *= dimension;
            }
            assertEquals(elements,
                    given.ints.containsKey(name) ? given.ints.get(name).length : given.floats.get(name).length, name);
        });
        return given;
    }

    @Test
    void whatStandsAtTheSamePlaceIsGivenOnce() throws Exception {
        Given given = given();
        int first = Cases.open("tiny-roberta").config().firstPosition();
        assertArrayEquals(new int[] {10, 11, 12, 13, 21, 12}, given.ints.get("tokens"));
        assertArrayEquals(
                new int[] {first, first + 1, first + 2, first + 3, first + 1, first}, given.ints.get("positions"));
        assertArrayEquals(new int[] {0, 1, 2, 3, 0, 4, 2, 3, 5}, given.ints.get("distinct"));
        assertArrayEquals(new int[] {2, 3, 6, 8}, given.ints.get("words"));
    }

    @Test
    void headsTakeTheirRowsOfTheirOwnSequence() throws Exception {
        Given given = given();
        int heads = Cases.open("tiny-roberta").config().heads();
        assertArrayEquals(new long[] {3, heads, 4}, given.shapes.get("queries"));
        assertArrayEquals(new long[] {3, heads, RaggedInputs.KEY_STEP}, given.shapes.get("keys"));
        assertArrayEquals(new long[] {3, heads, 2}, given.shapes.get("wordQueries"));
        int last = heads - 1;
        assertArrayEquals(rows(heads, last, 4, 5, 6, 7), slots(given, "queries", 1, heads, last, 4));
        assertArrayEquals(rows(heads, last, 0, 4, 2, 3), slots(given, "firstQueries", 1, heads, last, 4));
        assertArrayEquals(rows(heads, 0, 8, 8, 8, 8), slots(given, "queries", 2, heads, 0, 4));
        assertArrayEquals(rows(heads, last, 2, 2), slots(given, "wordQueries", 1, heads, last, 2));
        assertArrayEquals(rows(heads, 0, 4, 5, 6, 7, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4),
                slots(given, "keys", 1, heads, 0, RaggedInputs.KEY_STEP));
        assertArrayEquals(rows(heads, 0, 0, 4, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                slots(given, "firstKeys", 1, heads, 0, RaggedInputs.KEY_STEP));
    }

    @Test
    void emptySlotsOfKeysAreMaskedForEachQuery() throws Exception {
        Given given = given();
        for (String name : List.of("mask", "wordMask")) {
            float[] mask = given.floats.get(name);
            int queries = (int) given.shapes.get(name)[2];
            int[] lengths = {4, 4, 1};
            for (int i = 0; i < mask.length; i++) {
                int key = i % RaggedInputs.KEY_STEP;
                int length = lengths[i / RaggedInputs.KEY_STEP / queries];
                assertEquals(key < length ? 0 : Float.NEGATIVE_INFINITY, mask[i], name + " " + i);
            }
        }
    }

    private static int[] rows(int heads, int head, int... tokens) {
        int[] rows = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            rows[i] = tokens[i] * heads + head;
        }
        return rows;
    }

    /** One head's slots of one sequence, out of {@code [B, A, slots]}. */
    private static int[] slots(Given given, String name, int sequence, int heads, int head, int count) {
        int start = (sequence * heads + head) * count;
        return Arrays.copyOfRange(given.ints.get(name), start, start + count);
    }
}
