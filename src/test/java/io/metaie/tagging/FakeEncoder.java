package io.metaie.tagging;

import java.util.Arrays;

/** An encoder of tests: a word of n letters is ⌈n / 4⌉ sub-tokens, the first of them the word's hash. */
public final class FakeEncoder implements WordEncoder {

    private final int maxTokens;

    public FakeEncoder(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    @Override
    public int[] encode(String word) {
        int[] ids = new int[Math.max(1, (Math.min(word.length(), MAX_UNITS) + 3) / 4)];
        Arrays.fill(ids, 3);
        ids[0] = idOf(word);
        return ids;
    }

    /** The first id of a word, never one of the special ones. */
    public static int idOf(String word) {
        return 10 + (word.hashCode() & 0xFFFFFF);
    }

    @Override
    public int bos() {
        return 1;
    }

    @Override
    public int eos() {
        return 2;
    }

    @Override
    public int maxTokens() {
        return maxTokens;
    }
}
