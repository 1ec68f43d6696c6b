package io.metaie.adaptation;

import io.metaie.tagging.Query;

/**
 * One query with the right answer.
 *
 * @param query the query as the tagger would be asked it
 * @param tags {@code [words]}: the tag of each of its words, as {@link io.metaie.tagging.Tag} numbers them
 */
public record TrainingRow(Query query, byte[] tags) {

    public TrainingRow {
        if (tags.length != query.firsts().length) {
            throw new IllegalArgumentException(tags.length + " tags for " + query.firsts().length + " words");
        }
    }

    /** What the row costs, in tokens. */
    public int length() {
        return query.length();
    }
}
