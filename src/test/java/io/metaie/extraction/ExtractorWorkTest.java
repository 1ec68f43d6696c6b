package io.metaie.extraction;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.label.Label;
import io.metaie.record.Reason;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Tag;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.TaggerUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a document may need, and what becomes of it when that cannot be had. */
class ExtractorWorkTest extends ExtractedDocuments {

    @Test
    void tooManyQueriesAreRefusedInEveryStage() {
        mark("Person", "Ada", Tag.B, 1f);
        Extractor few = extractor(2);
        assertRejected(Reason.TOO_LARGE, few, "Ada met Ada. Then Ada left. Ada slept.", Label.named("Person"));
        assertRejected(Reason.TOO_LARGE, few, "Ada met Ada and Ada", Label.named("Person"), Label.of("x", "Person"));
    }

    @Test
    void theWindowsOfALongSentenceAreQueriesToo() {
        extract("w ".repeat(300), Label.named("Person"));
        assertRejected(Reason.TOO_LARGE, extractor(8), "w ".repeat(300), Label.named("Person"));
        mark("Person", "Ada", Tag.B, 1f);
        Label[] chain = {Label.named("Person"), Label.of("x", "Person")};
        assertRejected(Reason.TOO_LARGE, extractor(16), "Ada " + "w ".repeat(300), chain);
    }

    @Test
    void aLargeDocumentHasOnlySomeOfItsQueriesInMemory() {
        mark("City", "Paris", Tag.B, 1f);
        AtomicLong most = new AtomicLong();
        tagger.before(queries -> most.accumulateAndGet(batcher.waitingTokens(), Math::max));
        int sentences = 3 * DocumentWork.TOKENS_AT_ONCE / 10;
        Extraction extraction = extractor(1_000_000).extract(request("in Paris now\n".repeat(sentences), 0, false,
                Label.named("Person"), Label.named("City")), STREAM).join();
        assertEquals(sentences, extraction.spans().size());
        assertEquals(13 * (sentences - 1) + 3, extraction.spans().get(sentences - 1).start());
        assertTrue(most.get() <= DocumentWork.TOKENS_AT_ONCE + 100, most + " tokens were waiting at once");
    }

    @Test
    void anAnswerThatNoTopicTakesIsRefusedBeforeItIsWritten() {
        String word = "w".repeat(10_000);
        Label[] labels = IntStream.range(0, 40).mapToObj(i -> Label.named("L" + i)).toArray(Label[]::new);
        for (Label label : labels) {
            mark(label.name(), "Ada", Tag.B, 1f);
            mark(label.name(), word, Tag.I, 1f);
        }
        assertRejected(Reason.TOO_LARGE, extractor, "Ada" + (" " + word).repeat(90), labels);
    }

    @Test
    void aLabelThatLeavesNoRoomIsRefused() {
        assertRejected(Reason.INVALID_LABELS, extractor, "Ada", Label.named("x ".repeat(50)));
        assertRejected(Reason.INVALID_LABELS, extractor, "Ada", Label.named("P"), Label.of("x ".repeat(50), "P"));
    }

    @Test
    void aLostDeviceIsNoFaultOfTheDocument() {
        tagger.before(queries -> {
            throw new TaggerException("lost", true, null);
        });
        CompletionException e = assertThrows(CompletionException.class, () -> extract("Ada", Label.named("Person")));
        assertInstanceOf(TaggerUnavailableException.class, e.getCause());
    }

    @Test
    void cancellingDropsTheWorkAndGivesTheRoomBack() {
        CountDownLatch held = new CountDownLatch(1);
        tagger.before(queries -> {
            try {
                held.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<Extraction> running = extractor.extract(request("Ada", 0, false, Label.named("A")), STREAM);
        await().until(() -> tagger.runs.get() == 1);
        CompletableFuture<Extraction> waiting =
                extractor.extract(request("Ada. ".repeat(300), 0, false, Label.named("A")), STREAM);
        waiting.cancel(false);
        held.countDown();
        running.join();
        assertEquals(0, extract("Ada", Label.named("A")).spans().size());
        assertTrue(tagger.runs.get() <= 4, tagger.runs + " batches ran");
    }

    @Test
    void theAdapterIsHeldFromTheFirstQueryToTheLast() {
        mark("A", "Ada", Tag.B, 1f);
        List<Integer> heldInStages = new ArrayList<>();
        tagger.before(queries -> heldInStages.add(holds.get()));
        assertEquals(1, extract("Ada", Label.named("A"), Label.of("B", "A")).spans().size());
        assertEquals(List.of(1, 1), heldInStages);
        assertEquals(0, holds.get());
    }

    @Test
    void withoutItsAdapterADocumentIsNotAnswered() {
        holding = CompletableFuture.failedFuture(new AdapterMissingException(new Adapter("news", 3)));
        CompletionException e = assertThrows(CompletionException.class, () -> extract("Ada", Label.named("A")));
        assertEquals("the adapter news@3 is not loaded", e.getCause().getMessage());
        assertEquals(0, tagger.runs.get());
    }

    @Test
    void anAdapterThatComesAfterTheDocumentWasCancelledIsLetGo() {
        holding = new CompletableFuture<>();
        CompletableFuture<Extraction> waiting = extractor.extract(request("Ada", 0, false, Label.named("A")), STREAM);
        waiting.cancel(false);
        holding.complete(null);
        assertEquals(0, holds.get());
        assertEquals(0, tagger.runs.get());
    }
}
