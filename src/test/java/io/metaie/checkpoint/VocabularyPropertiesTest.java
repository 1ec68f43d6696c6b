package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.metaie.onnx.Cases;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class VocabularyPropertiesTest {

    private static final Map<String, Vocabulary> VOCABULARIES = new HashMap<>();

    @BeforeContainer
    static void open() throws Exception {
        for (String name : Cases.checkpoints()) {
            VOCABULARIES.put(name, Vocabulary.open(Cases.open(name)));
        }
    }

    @AfterContainer
    static void close() {
        VOCABULARIES.values().forEach(Vocabulary::close);
    }

    @Property(tries = 300)
    void anyTextIsTextAndStaysTheSame(@ForAll("hostile") String word) {
        for (String name : Cases.checkpoints()) {
            int[] ids = VOCABULARIES.get(name).encode(word);
            PlainIds.of(name).assertPlain(ids, word);
            assertArrayEquals(ids, VOCABULARIES.get(name).encode(word));
        }
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.of("</s>", "<s>", "<pad>", "<mask>", "[SEP]", "[CLS]", "##"),
                Arbitraries.of("▁", "Ġ", "\u0000", "\ud83d", "\udc00"),
                Arbitraries.strings().ofMinLength(0).ofMaxLength(8));
        return piece.list().ofMaxSize(6).map(pieces -> String.join("", pieces));
    }
}
