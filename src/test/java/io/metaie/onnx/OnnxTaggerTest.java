package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Cases.Case;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxTaggerTest {

    static List<String> checkpoints() {
        return Cases.checkpoints();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsAreThoseOfTransformers(String name) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        try (OnnxTagger tagger = OnnxTagger.onCpu(checkpoint);
                Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
            List<String> order = checkpoint.config().labels();
            for (Case expected : Cases.of(name)) {
                assertArrayEquals(expected.query().tokens(), expected.encode(vocabulary).tokens(), expected.label());
                assertArrayEquals(expected.query().firsts(), expected.encode(vocabulary).firsts(), expected.label());
                float[][] logits = tagger.logits(List.of(expected.query()));
                assertEquals(expected.words().size(), logits.length);
                for (int word = 0; word < logits.length; word++) {
                    float[] row = expected.logits()[word];
                    float[] inOrder = {row[order.indexOf("B")], row[order.indexOf("I")], row[order.indexOf("O")]};
                    assertArrayEquals(inOrder, logits[word], 1e-4f, expected.label() + ", word " + word);
                }
            }
        }
    }
}
