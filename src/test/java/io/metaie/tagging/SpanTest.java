package io.metaie.tagging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpanTest {

    @Test
    void aSpanStartsAtBAndRunsOverI() {
        assertEquals(
                List.of(new Span(1, 3, 0.75f), new Span(3, 4, 1f), new Span(6, 7, 0.5f)),
                Span.decode(tags("OBIBOIBO", 1, 1, .5f, 1, 1, 1, .5f, 1), 0));
    }

    @Test
    void aScoreBelowTheThresholdIsLeftOut() {
        assertEquals(List.of(new Span(3, 4, 1f)), Span.decode(tags("OBIB", 1, 1, .5f, 1), 0.8));
        assertEquals(2, Span.decode(tags("OBIB", 1, 1, .5f, 1), 0.75).size());
    }

    @Property
    void aScoreAsItIsToldKeepsItsSpanAsTheThreshold(@ForAll @FloatRange(min = 0, max = 1) float probability) {
        Tags tags = tags("B", probability);
        assertEquals(1, Span.decode(tags, Double.parseDouble(String.valueOf(Span.told(probability)))).size());
        assertEquals(0, Span.decode(tags, Span.told(probability) + 1e-6).size());
    }

    @Property
    void spansAreAscendingAndDoNotOverlap(@ForAll @Size(max = 60) List<@ByteRange(min = 0, max = 2) Byte> list) {
        byte[] tags = new byte[list.size()];
        float[] probabilities = new float[list.size()];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = list.get(i);
            probabilities[i] = 0.5f;
        }
        int last = 0;
        for (Span span : Span.decode(new Tags(tags, probabilities), 0)) {
            assertTrue(span.from() >= last && span.to() > span.from());
            assertEquals(Tag.B, tags[span.from()]);
            assertTrue(span.to() == tags.length || tags[span.to()] != Tag.I);
            last = span.to();
        }
        assertEquals(list.stream().filter(tag -> tag == Tag.B).count(),
                Span.decode(new Tags(tags, probabilities), 0).size());
    }

    private static Tags tags(String tags, float... probabilities) {
        byte[] bytes = new byte[tags.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) "BIO".indexOf(tags.charAt(i));
        }
        return new Tags(bytes, probabilities);
    }
}
