package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/**
 * The inputs of one run of a graph with {@linkplain RaggedAttention ragged attention}, which says what each of them is,
 * and room for its output.
 *
 * @param tokenCount T
 * @param sequences B
 * @param longest S
 * @param wordCount W
 */
record RaggedInputs(
        int tokenCount,
        int sequences,
        int longest,
        int wordCount,
        IntBuffer tokens,
        IntBuffer positions,
        IntBuffer heads,
        FloatBuffer mask,
        IntBuffer slots,
        IntBuffer words,
        IntBuffer wordSlots,
        FloatBuffer logits)
        implements RunInputs {

    /** How many pieces of memory the inputs and the output are. */
    static final int PIECES = 8;

    /** Added to the score of a slot without a token: its softmax is exactly 0. */
    private static final float REMOVED = Float.NEGATIVE_INFINITY;

    /** The memory the inputs and the output of a run need, in bytes. */
    static long bytes(List<Query> queries, RobertaConfig config) {
        Extent extent = Extent.of(queries);
        long heads = config.heads();
        long slots = (long) queries.size() * extent.longest();
        return Integer.BYTES
                * (extent.tokens() * (2 + heads) + slots * (1 + heads) + extent.words() * (1 + heads + 3));
    }

    /** Lays out some queries, not none, in a workspace that has room for them. */
    static RaggedInputs of(List<Query> queries, RobertaConfig config, Workspace workspace) {
        Extent extent = Extent.of(queries);
        int tokens = extent.tokens();
        int words = extent.words();
        int longest = extent.longest();
        int heads = config.heads();
        RaggedInputs inputs = new RaggedInputs(
                tokens,
                queries.size(),
                longest,
                words,
                workspace.ints(tokens),
                workspace.ints(tokens),
                workspace.ints(queries.size() * heads * longest),
                workspace.floats(queries.size() * longest),
                workspace.ints(tokens * heads),
                workspace.ints(words),
                workspace.ints(words * heads),
                workspace.floats(words * 3));
        int start = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            inputs.put(sequence, start, queries.get(sequence), heads, config.firstPosition());
            start += queries.get(sequence).length();
        }
        inputs.tokens.flip();
        inputs.positions.flip();
        inputs.heads.flip();
        inputs.mask.flip();
        inputs.slots.flip();
        inputs.words.flip();
        inputs.wordSlots.flip();
        return inputs;
    }

    private void put(int sequence, int start, Query query, int headCount, int firstPosition) {
        int length = query.length();
        tokens.put(query.tokens());
        for (int slot = 0; slot < length; slot++) {
            positions.put(firstPosition + slot);
            mask.put(0);
            putSlots(slots, sequence, slot, headCount);
        }
        for (int slot = length; slot < longest; slot++) {
            mask.put(REMOVED);
        }
        for (int head = 0; head < headCount; head++) {
            for (int slot = 0; slot < longest; slot++) {
                heads.put((start + (slot < length ? slot : 0)) * headCount + head);
            }
        }
        for (int first : query.firsts()) {
            words.put(start + first);
            putSlots(wordSlots, sequence, first, headCount);
        }
    }

    private void putSlots(IntBuffer rows, int sequence, int slot, int headCount) {
        for (int head = 0; head < headCount; head++) {
            rows.put((sequence * headCount + head) * longest + slot);
        }
    }

    @Override
    public void give(Taker taker) throws OrtException {
        long headCount = slots.limit() / tokenCount;
        taker.ints("tokens", tokens, tokenCount);
        taker.ints("positions", positions, tokenCount);
        taker.ints("heads", heads, sequences, headCount, longest);
        taker.floats("mask", mask, sequences, 1, 1, longest);
        taker.ints("slots", slots, tokenCount, headCount);
        taker.ints("words", words, wordCount);
        taker.ints("wordSlots", wordSlots, wordCount, headCount);
    }
}
