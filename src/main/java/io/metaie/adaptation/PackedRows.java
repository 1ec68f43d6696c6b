package io.metaie.adaptation;

import io.metaie.tagging.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences of one batch, packed: short ones stand behind one another in a line as wide as the longest, so that little
 * is computed for padding. Tokens attend to their own segment alone, and each segment's positions begin anew, so the
 * result is that of the sequences by themselves.
 *
 * <p>Dimensions: L lines, S slots a line; the arrays are {@code [L · S]}, line by line.
 *
 * @param lines L
 * @param width S
 * @param tokens token ids; {@code pad} in empty slots
 * @param positions position ids; {@code pad} in empty slots
 * @param segments which sequence of its line a slot belongs to, from 1; 0 for empty slots
 * @param starts {@code [sequences]}: the slot where each sequence begins, in the order the sequences were given
 */
public record PackedRows(int lines, int width, long[] tokens, long[] positions, long[] segments, int[] starts) {

    /**
     * Packs sequences, each into the first line that has room, longest first.
     *
     * @param sequences at least one, none empty
     * @param firstPosition the position id of a sequence's first token
     */
    public static PackedRows of(List<Query> sequences, int pad, int firstPosition) {
        int width = sequences.stream().mapToInt(Query::length).max().orElseThrow();
        int[] order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -sequences.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] starts = new int[sequences.size()];
        List<int[]> lines = new ArrayList<>();
        int[] segment = new int[sequences.size()];
        for (int i : order) {
            int length = sequences.get(i).length();
            int line = 0;
            while (line < lines.size() && lines.get(line)[0] + length > width) {
                line++;
            }
            if (line == lines.size()) {
                lines.add(new int[2]);
            }
            int[] used = lines.get(line);
            starts[i] = line * width + used[0];
            used[0] += length;
            segment[i] = ++used[1];
        }
        int slots = lines.size() * width;
        long[] tokens = new long[slots];
        long[] positions = new long[slots];
        long[] segments = new long[slots];
        java.util.Arrays.fill(tokens, pad);
        java.util.Arrays.fill(positions, pad);
        for (int i = 0; i < starts.length; i++) {
            int[] ids = sequences.get(i).tokens();
            for (int k = 0; k < ids.length; k++) {
                tokens[starts[i] + k] = ids[k];
                positions[starts[i] + k] = firstPosition + k;
                segments[starts[i] + k] = segment[i];
            }
        }
        return new PackedRows(lines.size(), width, tokens, positions, segments, starts);
    }

    /** How many slots there are, full or empty. */
    public int slots() {
        return tokens.length;
    }
}
