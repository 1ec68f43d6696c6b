package io.metaie.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CodePointsTest {

    @Test
    void countsAPairOnce() {
        CodePoints codePoints = CodePoints.of("🚀🚀 Ada");
        assertEquals(0, codePoints.at(0));
        assertEquals(1, codePoints.at(2));
        assertEquals(3, codePoints.at(5));
        assertEquals(6, codePoints.at(8));
        assertEquals(5, codePoints.utf16(3));
        assertEquals(8, codePoints.utf16(6));
    }

    @Test
    void countsTheInsideOfAPairAsItsEnd() {
        assertEquals(1, CodePoints.of("🚀").at(1));
    }

    @Test
    void countsLoneSurrogatesOneByOne() {
        CodePoints codePoints = CodePoints.of("\udc00\ud800\ud83d\ude80\ud800");
        assertEquals(4, codePoints.at(5));
        assertEquals(2, codePoints.utf16(2));
        assertEquals(4, codePoints.utf16(3));
    }

    @Property(tries = 300)
    void agreesWithJavaAndBack(@ForAll("anyText") String text) {
        CodePoints codePoints = CodePoints.of(text);
        for (int i = 0; i <= text.codePointCount(0, text.length()); i++) {
            int offset = text.offsetByCodePoints(0, i);
            assertEquals(offset, codePoints.utf16(i));
            assertEquals(i, codePoints.at(offset));
        }
    }

    @Provide
    Arbitrary<String> anyText() {
        return Texts.any();
    }
}
