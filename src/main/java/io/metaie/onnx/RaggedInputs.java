package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The inputs of one run of a graph with {@linkplain RaggedAttention ragged attention}, which says what each of them is,
 * and room for its output.
 */
final class RaggedInputs implements RunInputs {

    /** How many pieces of memory the inputs and the output are. */
    static final int PIECES = 14;

    /**
     * Keys have a multiple of so many slots. Measured: ONNX Runtime's softmax takes less time for a row of 48 scores than
     * for one of 36, and for 32 than for 30; the products on both sides of it take 4 and 10 % more, which is less.
     */
    static final int KEY_STEP = 16;

    /** Added to the score of a slot without a token: its softmax is exactly 0. */
    private static final float REMOVED = Float.NEGATIVE_INFINITY;

    private final List<Query> queries;
    private final Extent extent;
    private final int heads;
    private final int keySlots;
    /** What goes into the buffers is put together here: element by element they are slow to fill. */
    private final int[] scratch;

    private final IntBuffer tokens;
    private final IntBuffer positions;
    private final IntBuffer distinct;
    private final IntBuffer firstQueries;
    private final IntBuffer firstKeys;
    private final IntBuffer inQueries;
    private final IntBuffer inKeys;
    private final FloatBuffer mask;
    private final IntBuffer slots;
    private final IntBuffer words;
    private final IntBuffer wordQueries;
    private final FloatBuffer wordMask;
    private final IntBuffer wordSlots;
    private final FloatBuffer logits;

    private RaggedInputs(List<Query> queries, Extent extent, int heads, Workspace workspace) {
        this.queries = queries;
        this.extent = extent;
        this.heads = heads;
        keySlots = keySlots(extent.longest());
        scratch = workspace.scratch(heads * keySlots);
        int inHeads = queries.size() * heads;
        tokens = workspace.ints(extent.tokens());
        positions = workspace.ints(extent.tokens());
        distinct = workspace.ints(extent.tokens());
        firstQueries = workspace.ints(inHeads * extent.longest());
        firstKeys = workspace.ints(inHeads * keySlots);
        inQueries = workspace.ints(inHeads * extent.longest());
        inKeys = workspace.ints(inHeads * keySlots);
        mask = workspace.floats(queries.size() * extent.longest() * keySlots);
        slots = workspace.ints(extent.tokens() * heads);
        words = workspace.ints(extent.words());
        wordQueries = workspace.ints(inHeads * extent.mostWords());
        wordMask = workspace.floats(queries.size() * extent.mostWords() * keySlots);
        wordSlots = workspace.ints(extent.words() * heads);
        logits = workspace.floats(extent.words() * 3);
    }

    /** K */
    private static int keySlots(int longest) {
        return (longest + KEY_STEP - 1) / KEY_STEP * KEY_STEP;
    }

    /** The memory the inputs and the output of a run need, in bytes. */
    static long bytes(List<Query> queries, RobertaConfig config) {
        Extent extent = Extent.of(queries);
        long sequences = queries.size();
        long heads = config.heads();
        long keySlots = keySlots(extent.longest());
        long ofTokens = extent.tokens() * (3 + heads);
        long ofWords = extent.words() * (1 + heads + 3);
        long ofHeads = sequences * heads * (2L * extent.longest() + 2 * keySlots + extent.mostWords());
        long ofMasks = sequences * (extent.longest() + extent.mostWords()) * keySlots;
        return Integer.BYTES * (ofTokens + ofWords + ofHeads + ofMasks);
    }

    /** Lays out some queries, not none, in a workspace that has room for them. */
    static RaggedInputs of(List<Query> queries, RobertaConfig config, Workspace workspace) {
        RaggedInputs inputs = new RaggedInputs(queries, Extent.of(queries), config.heads(), workspace);
        inputs.putTokens(config.firstPosition());
        inputs.putSequences();
        inputs.putMasks();
        return inputs;
    }

    private void putTokens(int firstPosition) {
        int[] rows = new int[extent.tokens()];
        int[] starts = new int[queries.size()];
        int token = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            int[] ids = queries.get(sequence).tokens();
            starts[sequence] = token;
            for (int slot = 0; slot < ids.length; slot++) {
                int before = sameBefore(ids[slot], slot, sequence);
                if (before < 0) {
                    rows[token + slot] = tokens.position();
                    tokens.put(ids[slot]);
                    positions.put(firstPosition + slot);
                } else {
                    rows[token + slot] = rows[starts[before] + slot];
                }
            }
            putHeads(rows, token, ids.length, firstQueries, extent.longest());
            putHeads(rows, token, ids.length, firstKeys, keySlots);
            token += ids.length;
        }
        distinct.put(rows);
        tokens.flip();
        positions.flip();
        distinct.flip();
        firstQueries.flip();
        firstKeys.flip();
    }

    /** A sequence before with the same token at the same place; −1 if there is none. */
    private int sameBefore(int id, int slot, int sequence) {
        for (int before = 0; before < sequence; before++) {
            int[] ids = queries.get(before).tokens();
            if (slot < ids.length && ids[slot] == id) {
                return before;
            }
        }
        return -1;
    }

    private void putSequences() {
        // Tokens and words stand in their order; there are no more words than tokens.
        int[] rows = IntStream.range(0, extent.tokens()).toArray();
        int token = 0;
        int word = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            int length = queries.get(sequence).length();
            int[] firsts = queries.get(sequence).firsts();
            putHeads(rows, token, length, inQueries, extent.longest());
            putHeads(rows, token, length, inKeys, keySlots);
            putHeads(rows, word, firsts.length, wordQueries, extent.mostWords());
            putSlots(sequence, length, slots, extent.longest());
            putSlots(sequence, firsts.length, wordSlots, extent.mostWords());
            for (int first : firsts) {
                words.put(token + first);
            }
            token += length;
            word += firsts.length;
        }
        inQueries.flip();
        inKeys.flip();
        wordQueries.flip();
        slots.flip();
        wordSlots.flip();
        words.flip();
    }

    /**
     * For each head its rows of the tokens or words of a sequence, and some row of it again for slots without one.
     *
     * @param from the sequence's first among the rows, of which it has {@code used}
     */
    private void putHeads(int[] rows, int from, int used, IntBuffer to, int slotCount) {
        for (int head = 0; head < heads; head++) {
            int start = head * slotCount;
            for (int slot = 0; slot < used; slot++) {
                scratch[start + slot] = rows[from + slot] * heads + head;
            }
            Arrays.fill(scratch, start + used, start + slotCount, used == 0 ? 0 : scratch[start]);
        }
        to.put(scratch, 0, heads * slotCount);
    }

    /** Where each of a sequence's used slots has its heads' contexts. */
    private void putSlots(int sequence, int used, IntBuffer to, int slotCount) {
        for (int slot = 0; slot < used; slot++) {
            for (int head = 0; head < heads; head++) {
                scratch[slot * heads + head] = (sequence * heads + head) * slotCount + slot;
            }
        }
        to.put(scratch, 0, used * heads);
    }

    private void putMasks() {
        float[] row = new float[keySlots];
        for (Query query : queries) {
            Arrays.fill(row, 0, query.length(), 0);
            Arrays.fill(row, query.length(), keySlots, REMOVED);
            for (int slot = 0; slot < extent.longest(); slot++) {
                mask.put(row);
            }
            for (int word = 0; word < extent.mostWords(); word++) {
                wordMask.put(row);
            }
        }
        mask.flip();
        wordMask.flip();
    }

    @Override
    public int tokenCount() {
        return extent.tokens();
    }

    @Override
    public int sequences() {
        return queries.size();
    }

    @Override
    public int longest() {
        return extent.longest();
    }

    @Override
    public int wordCount() {
        return extent.words();
    }

    @Override
    public FloatBuffer logits() {
        return logits;
    }

    @Override
    public void give(Taker taker) throws OrtException {
        int sequences = queries.size();
        taker.ints("tokens", tokens, tokens.limit());
        taker.ints("positions", positions, positions.limit());
        taker.ints("distinct", distinct, extent.tokens());
        taker.ints("firstQueries", firstQueries, sequences, heads, extent.longest());
        taker.ints("firstKeys", firstKeys, sequences, heads, keySlots);
        taker.ints("queries", inQueries, sequences, heads, extent.longest());
        taker.ints("keys", inKeys, sequences, heads, keySlots);
        taker.floats("mask", mask, sequences, 1, extent.longest(), keySlots);
        taker.ints("slots", slots, extent.tokens(), heads);
        taker.ints("words", words, extent.words());
        taker.ints("wordQueries", wordQueries, sequences, heads, extent.mostWords());
        taker.floats("wordMask", wordMask, sequences, 1, extent.mostWords(), keySlots);
        taker.ints("wordSlots", wordSlots, extent.words(), heads);
    }
}
