package io.metaie.rendering;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.Extraction.ExtractedSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Extractions of tests, without a model. */
public final class Spans {

    private Spans() {}

    /** A span of a text, by its place in code points. */
    public static ExtractedSpan span(String id, String label, String text, int start, int end) {
        int from = text.offsetByCodePoints(0, start);
        return new ExtractedSpan(id, label, text.substring(from, text.offsetByCodePoints(from, end - start)), start, end, .9f,
                Optional.empty());
    }

    /** The same span, found about another. */
    public static ExtractedSpan of(String head, ExtractedSpan span) {
        return new ExtractedSpan(
                span.id(), span.label(), span.text(), span.start(), span.end(), span.score(), Optional.of(head));
    }

    public static Extraction extraction(String id, ExtractedSpan... spans) {
        return new Extraction(id, Optional.empty(), "mini@0123456789ab", Optional.empty(), Arrays.asList(spans), 1, false,
                List.of(), Optional.empty());
    }
}
