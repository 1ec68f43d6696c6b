package io.metaie.rendering;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.text.CodePoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A text cut wherever a span begins or ends, so that spans that nest or cross can be shown: the same spans cover the
 * whole of a piece.
 */
public final class AnnotatedText {

    private static final Comparator<ExtractedSpan> OUTER_FIRST = Comparator.comparingInt(ExtractedSpan::start)
            .thenComparing(Comparator.comparingInt(ExtractedSpan::end).reversed());

    private AnnotatedText() {}

    /**
     * A run of text between two ends of spans.
     *
     * @param text the slice; never empty
     * @param spans those that cover it, in order of start, the longer of two that start together first
     * @param opening how many of them, the last ones in {@code spans}, begin here
     * @param closing those that end here, in the reverse order of {@code spans}
     */
    public record Piece(String text, List<ExtractedSpan> spans, int opening, List<ExtractedSpan> closing) {}

    /**
     * Cuts a text. The pieces joined are the text.
     *
     * @param spans in any order, offsets in code points of this text
     */
    public static List<Piece> cut(String text, List<ExtractedSpan> spans) {
        CodePoints codePoints = CodePoints.of(text);
        int[] cuts = new int[spans.size() * 2 + 2];
        int count = 0;
        cuts[count++] = 0;
        cuts[count++] = codePoints.at(text.length());
        for (ExtractedSpan span : spans) {
            cuts[count++] = span.start();
            cuts[count++] = span.end();
        }
        cuts = Arrays.stream(cuts).sorted().distinct().toArray();
        List<ExtractedSpan> waiting = spans.stream().sorted(OUTER_FIRST).toList();
        List<ExtractedSpan> open = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>(cuts.length);
        int next = 0;
        for (int i = 0; i + 1 < cuts.length; i++) {
            int start = cuts[i];
            int end = cuts[i + 1];
            open.removeIf(span -> span.end() <= start);
            int before = open.size();
            for (; next < waiting.size() && waiting.get(next).start() == start; next++) {
                open.add(waiting.get(next));
            }
            List<ExtractedSpan> closing = new ArrayList<>();
            for (int k = open.size() - 1; k >= 0; k--) {
                if (open.get(k).end() == end) {
                    closing.add(open.get(k));
                }
            }
            pieces.add(new Piece(text.substring(codePoints.utf16(start), codePoints.utf16(end)), List.copyOf(open),
                    open.size() - before, List.copyOf(closing)));
        }
        return List.copyOf(pieces);
    }
}
