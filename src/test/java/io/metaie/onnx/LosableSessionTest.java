package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.TaggerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A GPU that goes away and comes back, as far as that can be had without one. */
class LosableSessionTest {

    private static final Query QUERY = new Query(new int[] {0, 5, 6, 2}, new int[] {1, 2});

    /** Stands for a GPU: sessions can be opened on it, and run, while it is there. */
    private static final class Gpu implements LosableSession.Opener {

        private boolean there = true;
        private String failure = "CUDA failure 719: unspecified launch failure";
        private int opened;
        private int closed;

        @Override
        public RunSession open() throws OrtException {
            if (!there) {
                throw new OrtException("CUDA failure 100: no CUDA-capable device is detected");
            }
            opened++;
            return new RunSession() {

                private boolean spoiled;

                @Override
                public void run(RunInputs in, Map<String, OnnxTensor> adapter) throws OrtException {
                    spoiled |= !there;
                    if (spoiled) {
                        throw new OrtException(failure);
                    }
                    for (int i = 0; i < 3 * in.wordCount(); i++) {
                        in.logits().put(i, i % 3);
                    }
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }

    private static OnnxTagger tagger(Gpu gpu) throws Exception {
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        RunSession session = LosableSession.open("cuda:0", gpu);
        return new OnnxTagger(checkpoint.config(), new Device.Cuda(0), Precision.FP16, Layout.PACKED, session, session,
                new AdapterCache(OrtEnvironment.getEnvironment(), checkpoint, 0));
    }

    @Test
    void aLostDeviceIsUsedAgainWhenItIsBack() throws Exception {
        Gpu gpu = new Gpu();
        try (OnnxTagger tagger = tagger(gpu)) {
            assertEquals(1, tagger.prepare(Adapter.NONE, List.of(QUERY)).run().size());
            gpu.there = false;
            for (int i = 0; i < 3; i++) {
                TaggerException failure =
                        assertThrows(TaggerException.class, tagger.prepare(Adapter.NONE, List.of(QUERY))::run);
                assertTrue(failure.infrastructure(), failure::getMessage);
            }
            assertEquals(1, gpu.opened);
            gpu.there = true;
            assertEquals(2, tagger.prepare(Adapter.NONE, List.of(QUERY)).run().get(0).tags().length);
            assertEquals(2, gpu.opened);
            assertEquals("cuda:0", tagger.device());
            assertEquals("fp16", tagger.precision());
        }
        assertEquals(2, gpu.closed);
    }

    @Test
    void aDeviceThatIsNotThereYetIsWaitedFor() throws Exception {
        Gpu gpu = new Gpu();
        gpu.there = false;
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        RunSession session = LosableSession.awaited("cuda:0", gpu);
        try (OnnxTagger tagger = new OnnxTagger(checkpoint.config(), new Device.Cuda(0), Precision.FP16, Layout.PACKED, session,
                session, new AdapterCache(OrtEnvironment.getEnvironment(), checkpoint, 0))) {
            assertTrue(tagger.lost().orElseThrow().contains("cuda:0"), tagger.lost()::toString);
            assertTrue(tagger.lost().orElseThrow().contains("no CUDA-capable device"), tagger.lost()::toString);
            assertTrue(assertThrows(TaggerException.class, tagger.prepare(Adapter.NONE, List.of(QUERY))::run).infrastructure());
            gpu.there = true;
            assertEquals(2, tagger.prepare(Adapter.NONE, List.of(QUERY)).run().get(0).tags().length);
            assertTrue(tagger.lost().isEmpty());
        }
    }

    @Test
    void askingWhetherItIsLostOpensItWhenItIsBack() {
        Gpu gpu = new Gpu();
        RunSession session = LosableSession.awaited("cuda:0", gpu);
        assertTrue(session.lost().isEmpty());
        assertEquals(1, gpu.opened);
    }

    /** What waits fails as the device's fault: whoever asked repeats it, and no query is counted as bad. */
    @Test
    void noQueryIsToBlameForALostDevice() throws Exception {
        Gpu gpu = new Gpu();
        Source stream = new Source("stream", false);
        try (OnnxTagger tagger = tagger(gpu);
                MicroBatcher batcher = new MicroBatcher(
                        tagger, new BatchSettings(2, 64, 16, Duration.ZERO), BatchObserver.NONE)) {
            assertEquals(2, batcher.submit(stream, Adapter.NONE, List.of(QUERY, QUERY)).join().size());
            gpu.there = false;
            for (int i = 0; i < 5; i++) {
                CompletionException failure = assertThrows(CompletionException.class,
                        () -> batcher.submit(stream, Adapter.NONE, List.of(QUERY, QUERY)).join());
                assertEquals(TaggerUnavailableException.class, failure.getCause().getClass());
            }
            gpu.there = true;
            assertEquals(2, batcher.submit(stream, Adapter.NONE, List.of(QUERY, QUERY)).join().size());
        }
    }

    @Test
    void afterAnyOtherFailureTheSessionStays() throws Exception {
        Gpu gpu = new Gpu();
        gpu.failure = "indices element out of data bounds";
        try (OnnxTagger tagger = tagger(gpu)) {
            gpu.there = false;
            for (int i = 0; i < 2; i++) {
                assertFalse(assertThrows(TaggerException.class, tagger.prepare(Adapter.NONE, List.of(QUERY))::run)
                        .infrastructure());
            }
            assertEquals(1, gpu.opened);
            assertEquals(0, gpu.closed);
        }
    }
}
