package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs of one run of a graph with {@linkplain RaggedAttention ragged attention}, which says what each of them is,
 * and room for its output.
 */
final class RaggedInputs implements RunInputs {

    /** How many pieces of memory the inputs and the output are. */
    static final int PIECES = 14;

    /**
     * Keys have a multiple of so many slots. ONNX Runtime's softmax takes less time for a row of 48 scores than for one of
     * 33, since what does not fill a register is computed one by one, and the products that make them take no longer.
     */
    static final int KEY_STEP = 16;

    /** Added to the score of a slot without a token: its softmax is exactly 0. */
    private static final float REMOVED = Float.NEGATIVE_INFINITY;

    private final List<Query> queries;
    private final Extent extent;
    private final int heads;
    private final int keySlots;

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
        int[][] rows = new int[queries.size()][];
        int distinctCount = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            int[] ids = queries.get(sequence).tokens();
            rows[sequence] = new int[ids.length];
            for (int slot = 0; slot < ids.length; slot++) {
                int row = rowOfSame(ids[slot], slot, sequence, rows);
                if (row < 0) {
                    row = distinctCount++;
                    tokens.put(ids[slot]);
                    positions.put(firstPosition + slot);
                }
                rows[sequence][slot] = row;
            }
            distinct.put(rows[sequence]);
            putHeads(rows[sequence], firstQueries, extent.longest());
            putHeads(rows[sequence], firstKeys, keySlots);
        }
        tokens.flip();
        positions.flip();
        distinct.flip();
        firstQueries.flip();
        firstKeys.flip();
    }

    /** The row of the same token at the same place of a sequence before; −1 if there is none. */
    private int rowOfSame(int id, int slot, int sequence, int[][] rows) {
        for (int before = 0; before < sequence; before++) {
            int[] ids = queries.get(before).tokens();
            if (slot < ids.length && ids[slot] == id) {
                return rows[before][slot];
            }
        }
        return -1;
    }

    private void putSequences() {
        int token = 0;
        int word = 0;
        for (int sequence = 0; sequence < queries.size(); sequence++) {
            int[] firsts = queries.get(sequence).firsts();
            int[] rows = from(token, queries.get(sequence).length());
            int[] wordRows = from(word, firsts.length);
            putHeads(rows, inQueries, extent.longest());
            putHeads(rows, inKeys, keySlots);
            putHeads(wordRows, wordQueries, extent.mostWords());
            putSlots(slots, sequence, rows.length, extent.longest());
            putSlots(wordSlots, sequence, firsts.length, extent.mostWords());
            for (int first : firsts) {
                words.put(token + first);
            }
            token += rows.length;
            word += firsts.length;
        }
        inQueries.flip();
        inKeys.flip();
        wordQueries.flip();
        slots.flip();
        wordSlots.flip();
        words.flip();
    }

    private static int[] from(int first, int count) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = first + i;
        }
        return rows;
    }

    /** For each head its rows of some tokens or words of a sequence, and the first again for slots without one. */
    private void putHeads(int[] rows, IntBuffer to, int slotCount) {
        // By way of an array: element by element, these buffers are slow.
        int[] ofHeads = new int[heads * slotCount];
        for (int head = 0; head < heads; head++) {
            int start = head * slotCount;
            for (int slot = 0; slot < rows.length; slot++) {
                ofHeads[start + slot] = rows[slot] * heads + head;
            }
            Arrays.fill(ofHeads, start + rows.length, start + slotCount, rows.length == 0 ? 0 : rows[0] * heads + head);
        }
        to.put(ofHeads);
    }

    /** Where each of a sequence's used slots has its heads' contexts. */
    private void putSlots(IntBuffer to, int sequence, int used, int slotCount) {
        int[] ofSlots = new int[used * heads];
        for (int slot = 0; slot < used; slot++) {
            for (int head = 0; head < heads; head++) {
                ofSlots[slot * heads + head] = (sequence * heads + head) * slotCount + slot;
            }
        }
        to.put(ofSlots);
    }

    private void putMasks() {
        float[] rows = new float[extent.longest() * keySlots];
        for (Query query : queries) {
            for (int row = 0; row < rows.length; row += keySlots) {
                Arrays.fill(rows, row, row + query.length(), 0);
                Arrays.fill(rows, row + query.length(), row + keySlots, REMOVED);
            }
            mask.put(rows);
            wordMask.put(rows, 0, extent.mostWords() * keySlots);
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
