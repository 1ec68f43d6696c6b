package io.metaie.rendering;

import static io.metaie.rendering.Spans.span;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.rendering.AnnotatedText.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AnnotatedTextTest {

    @Test
    void cutsWhereSpansBeginAndEnd() {
        String text = "🚀 University of Paris signed.";
        ExtractedSpan university = span("s1", "Organization", text, 2, 21);
        ExtractedSpan paris = span("s2", "City", text, 16, 21);
        List<Piece> pieces = AnnotatedText.cut(text, List.of(paris, university));
        assertEquals(List.of("🚀 ", "University of ", "Paris", " signed."), pieces.stream().map(Piece::text).toList());
        assertEquals(List.of(university, paris), pieces.get(2).spans());
        assertEquals(1, pieces.get(2).opening());
        assertEquals(List.of(paris, university), pieces.get(2).closing());
    }

    @Test
    void spansThatCrossShareAPiece() {
        String text = "a b c";
        ExtractedSpan left = span("s1", "L", text, 0, 3);
        ExtractedSpan right = span("s2", "R", text, 2, 5);
        assertEquals(List.of(List.of(left), List.of(left, right), List.of(right)),
                AnnotatedText.cut(text, List.of(left, right)).stream().map(Piece::spans).toList());
    }

    @Test
    void anEmptyTextHasNoPieces() {
        assertEquals(List.of(), AnnotatedText.cut("", List.of()));
    }

    /** Whatever the spans: the pieces are the text, each span is covered by pieces that make up its text, opened and closed once. */
    @Property(tries = 200)
    void everySpanIsTheJoinOfItsPieces(@ForAll @Size(max = 12) List<@IntRange(max = 400) Integer> places) {
        String text = "x🚀é".repeat(7);
        int length = text.codePointCount(0, text.length());
        List<ExtractedSpan> spans = new ArrayList<>();
        for (int place : places) {
            int start = place % 20;
            spans.add(span("s" + spans.size(), "L" + place % 3, text, start, Math.min(length, start + 1 + place / 20)));
        }
        List<Piece> pieces = AnnotatedText.cut(text, spans);
        assertEquals(text, pieces.stream().map(Piece::text).collect(Collectors.joining()));
        assertEquals(spans.size(), pieces.stream().mapToInt(Piece::opening).sum());
        assertEquals(spans.size(), pieces.stream().mapToInt(piece -> piece.closing().size()).sum());
        for (ExtractedSpan span : spans) {
            assertEquals(span.text(), pieces.stream().filter(piece -> piece.spans().contains(span)).map(Piece::text)
                    .collect(Collectors.joining()));
        }
        assertTrue(pieces.stream().noneMatch(piece -> piece.text().isEmpty()));
    }
}
