package io.metaie.rendering;

import io.metaie.extraction.Extraction.ExtractedSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The chains of an extraction: spans that labels were asked about, and what was found about them. */
public final class Relations {

    private final Map<String, List<ExtractedSpan>> tails = new HashMap<>();
    private final List<ExtractedSpan> heads;

    private Relations(List<ExtractedSpan> spans) {
        for (ExtractedSpan span : spans) {
            span.of().ifPresent(head -> tails.computeIfAbsent(head, h -> new ArrayList<>()).add(span));
        }
        heads = spans.stream().filter(span -> span.of().isEmpty() && tails.containsKey(span.id())).toList();
    }

    public static Relations of(List<ExtractedSpan> spans) {
        return new Relations(spans);
    }

    /** The spans at which chains begin, in the extraction's order. */
    public List<ExtractedSpan> heads() {
        return heads;
    }

    /** What was found about a span, in the extraction's order. */
    public List<ExtractedSpan> tails(ExtractedSpan head) {
        return List.copyOf(tails.getOrDefault(head.id(), List.of()));
    }

    /** Every chain from its head to a span that nothing was found about. */
    public List<List<ExtractedSpan>> chains() {
        List<List<ExtractedSpan>> chains = new ArrayList<>();
        heads.forEach(head -> follow(List.of(head), chains));
        return chains;
    }

    private void follow(List<ExtractedSpan> chain, List<List<ExtractedSpan>> chains) {
        List<ExtractedSpan> following = tails(chain.get(chain.size() - 1));
        if (following.isEmpty()) {
            chains.add(chain);
        }
        for (ExtractedSpan tail : following) {
            List<ExtractedSpan> longer = new ArrayList<>(chain);
            longer.add(tail);
            follow(List.copyOf(longer), chains);
        }
    }
}
