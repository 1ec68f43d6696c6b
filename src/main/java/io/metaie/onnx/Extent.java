package io.metaie.onnx;

import io.metaie.tagging.Query;
import java.util.List;

/**
 * How much the queries of a run are together.
 *
 * @param tokens T
 * @param words W
 * @param longest S
 * @param mostWords V, of one query
 */
record Extent(int tokens, int words, int longest, int mostWords) {

    static Extent of(List<Query> queries) {
        int tokens = 0;
        int words = 0;
        int longest = 0;
        int mostWords = 0;
        for (Query query : queries) {
            tokens += query.length();
            words += query.firsts().length;
            longest = Math.max(longest, query.length());
            mostWords = Math.max(mostWords, query.firsts().length);
        }
        return new Extent(tokens, words, longest, mostWords);
    }
}
