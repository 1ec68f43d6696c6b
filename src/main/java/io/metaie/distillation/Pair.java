package io.metaie.distillation;

import java.util.List;

/**
 * A label and its span as the teacher wrote them.
 *
 * @param label a name that can be asked
 * @param spans what may be meant, the likeliest first: as it stands, then without quotes and marks round it
 */
public record Pair(String label, List<String> spans) {

    public Pair {
        spans = List.copyOf(spans);
    }
}
