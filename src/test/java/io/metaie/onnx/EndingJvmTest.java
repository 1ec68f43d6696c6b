package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.TaggerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** ONNX Runtime closes its environment in a shutdown hook, whatever still runs: that is no fault of a query. */
class EndingJvmTest {

    @Test
    void noQueryIsBlamed() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", classPath, Ending.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor(60, TimeUnit.SECONDS);
        assertEquals("infrastructure", out.strip());
    }

    /** Tags in a hook of its own, beside ONNX Runtime's, until the first failure; says whose fault it is taken for. */
    static final class Ending {

        private static final int LARGEST = 128;

        public static void main(String... none) throws Exception {
            Checkpoint checkpoint = Checkpoint.open(Path.of("models", "metaie-mini"));
            OnnxTagger tagger = OnnxTagger.onCpu(checkpoint, 0);
            int[] tokens = IntStream.range(0, 64).map(i -> 1000 + i).toArray();
            tokens[0] = checkpoint.config().bos();
            tokens[63] = checkpoint.config().eos();
            Query query = new Query(tokens, IntStream.range(1, 63).toArray());
            tagger.logits(Adapter.NONE, List.of(query));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println(firstFailure(tagger, query));
                System.out.flush();
            }));
            System.exit(0);
        }

        // What a closed environment is missed for is more memory, so every batch is larger than those before it.
        private static String firstFailure(OnnxTagger tagger, Query query) {
            for (int size = 2; size <= LARGEST; size *= 2) {
                try {
                    tagger.logits(Adapter.NONE, Collections.nCopies(size, query));
                } catch (TaggerException e) {
                    return e.infrastructure() ? "infrastructure" : e.getMessage();
                }
            }
            return "none";
        }
    }
}
