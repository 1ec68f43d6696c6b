package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedInputsTest {

    private static int[] ints(IntBuffer buffer) {
        int[] ints = new int[buffer.remaining()];
        buffer.duplicate().get(ints);
        return ints;
    }

    /** The example in the description of ORT's PackedMultiHeadAttention, with the longest sequence first. */
    @Test
    void tokensStandInOneRowAndTheirSlotsAreNamed() throws Exception {
        RobertaConfig config = Cases.open("tiny-roberta").config();
        List<Query> queries = List.of(
                new Query(new int[] {10, 11, 12, 13}, new int[] {2, 3}),
                new Query(new int[] {20, 21}, new int[] {1}),
                new Query(new int[] {30}, new int[0]));
        Workspace workspace = new Workspace();
        workspace.reset(PackedInputs.bytes(queries), PackedInputs.PIECES);
        PackedInputs inputs = PackedInputs.of(queries, config, workspace);
        assertEquals(7, inputs.tokenCount());
        assertEquals(3, inputs.sequences());
        assertEquals(4, inputs.longest());
        assertEquals(3, inputs.wordCount());
        assertArrayEquals(new int[] {10, 11, 12, 13, 20, 21, 30}, ints(inputs.tokens()));
        int first = config.firstPosition();
        assertArrayEquals(
                new int[] {first, first + 1, first + 2, first + 3, first, first + 1, first}, ints(inputs.positions()));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 8, 6, 7, 9, 10, 11}, ints(inputs.offsets()));
        assertArrayEquals(new int[] {0, 4, 6, 7}, ints(inputs.starts()));
        assertArrayEquals(new int[] {2, 3, 5}, ints(inputs.words()));
    }
}
