package io.metaie.onnx;

import io.metaie.tagging.Query;
import java.util.List;

/**
 * How much the queries of a run are together.
 *
 * @param tokens T
 * @param words W
 * @param longest S
 */
record Extent(int tokens, int words, int longest) {

    static Extent of(List<Query> queries) {
        int tokens = 0;
        int words = 0;
        int longest = 0;
        for (Query query : queries) {
            tokens += query.length();
            words += query.firsts().length;
            longest = Math.max(longest, query.length());
        }
        return new Extent(tokens, words, longest);
    }
}
