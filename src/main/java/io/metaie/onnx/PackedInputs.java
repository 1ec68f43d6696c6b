package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/**
 * The inputs of one run of a graph with {@linkplain PackedAttention packed attention}, which says what each of them is,
 * and room for its output.
 */
record PackedInputs(
        int tokenCount,
        int sequences,
        int longest,
        int wordCount,
        IntBuffer tokens,
        IntBuffer positions,
        IntBuffer offsets,
        IntBuffer starts,
        IntBuffer words,
        FloatBuffer logits)
        implements RunInputs {

    /** How many pieces of memory the inputs and the output are. */
    static final int PIECES = 6;

    /** The memory the inputs and the output of a run need, in bytes. */
    static long bytes(List<Query> queries) {
        Extent extent = Extent.of(queries);
        long slots = (long) queries.size() * extent.longest();
        return Integer.BYTES * (2L * extent.tokens() + slots + queries.size() + 1 + 4L * extent.words());
    }

    /** Lays out some queries, not none, in a workspace that has room for them. */
    static PackedInputs of(List<Query> queries, RobertaConfig config, Workspace workspace) {
        Extent extent = Extent.of(queries);
        PackedInputs inputs = new PackedInputs(
                extent.tokens(),
                queries.size(),
                extent.longest(),
                extent.words(),
                workspace.ints(extent.tokens()),
                workspace.ints(extent.tokens()),
                workspace.ints(queries.size() * extent.longest()),
                workspace.ints(queries.size() + 1),
                workspace.ints(extent.words()),
                workspace.floats(extent.words() * 3));
        int start = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            inputs.put(sequence, start, queries.get(sequence), config.firstPosition());
            start += queries.get(sequence).length();
        }
        inputs.starts.put(start);
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            for (int slot = queries.get(sequence).length(); slot < extent.longest(); slot++) {
                inputs.offsets.put(sequence * extent.longest() + slot);
            }
        }
        inputs.tokens.flip();
        inputs.positions.flip();
        inputs.offsets.flip();
        inputs.starts.flip();
        inputs.words.flip();
        return inputs;
    }

    private void put(int sequence, int start, Query query, int firstPosition) {
        tokens.put(query.tokens());
        starts.put(start);
        for (int slot = 0; slot < query.length(); slot++) {
            positions.put(firstPosition + slot);
            offsets.put(sequence * longest + slot);
        }
        for (int first : query.firsts()) {
            words.put(start + first);
        }
    }

    @Override
    public void give(Taker taker) throws OrtException {
        taker.ints("tokens", tokens, tokenCount);
        taker.ints("positions", positions, tokenCount);
        taker.ints("offsets", offsets, sequences, longest);
        taker.ints("starts", starts, sequences + 1);
        taker.ints("words", words, wordCount);
    }
}
