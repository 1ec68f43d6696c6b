package io.metaie.load;

import io.metaie.config.Settings;
import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.ExtractionProcessor;
import io.metaie.record.InboundRecord;
import io.metaie.tagging.Source;
import io.metaie.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The engine without Kafka around it: the same documents, from bytes to bytes, as fast as they go through. */
final class WholeEngine implements AutoCloseable {

    /** As many documents in work as the lanes hold. */
    private static final int IN_FLIGHT = 400;

    private final Engine engine;
    private final ExtractionProcessor processor;

    WholeEngine() throws Exception {
        engine = Engine.open(Settings.metaie(Settings.load()), Engine.Observers.NONE);
        processor = new ExtractionProcessor(new DocumentReader(Tasks.NONE, 1 << 20), engine.extractor(),
                new Source("load", false), ExtractionObserver.NONE);
    }

    /** @return documents a second */
    double run(List<String> documents) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        long start = System.nanoTime();
        for (String document : documents) {
            room.acquire();
            processor.process(new InboundRecord("load", 0, 0, 0, Optional.empty(),
                            Optional.of(document.getBytes(StandardCharsets.UTF_8)), Optional.empty()))
                    .whenComplete((outcome, failure) -> room.release());
        }
        room.acquire(IN_FLIGHT);
        return documents.size() / ((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() {
        engine.close();
    }
}
