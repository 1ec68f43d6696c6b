package io.metaie.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ExcerptTest {

    @Property
    void beginsAsTheTextAndIsNoLonger(@ForAll String text, @ForAll @IntRange(max = 50) int shown, @ForAll @IntRange(max = 20) int more) {
        String excerpt = Excerpt.of(text, shown + more, shown);
        int length = text.codePointCount(0, text.length());
        if (length <= shown + more) {
            assertEquals(text, excerpt);
        } else {
            assertTrue(text.startsWith(excerpt.substring(0, excerpt.length() - 1)) && excerpt.endsWith("…"));
            assertEquals(shown + 1, excerpt.codePointCount(0, excerpt.length()));
        }
    }
}
