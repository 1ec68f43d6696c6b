package io.metaie.extraction;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Adapters;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.FakeTagger;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.Tag;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.TaggerUnavailableException;
import io.metaie.tagging.Tags;
import io.metaie.text.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The flow of a document, with a tagger that knows its words: {@code <prompt> : <words>} → the words it marks. */
class ExtractorTest {

    private static final Source STREAM = new Source("stream", false);

    /** Prompt → word → (tag, probability). */
    private final Map<String, Map<Integer, Mark>> knowledge = new HashMap<>();

    private final FakeTagger tagger = new FakeTagger(this::tag);
    private final MicroBatcher batcher =
            new MicroBatcher(tagger, new BatchSettings(1, 256, 64, Duration.ZERO), BatchObserver.NONE);
    private final Extractor extractor = extractor(100_000);

    /** How many documents hold their adapter. */
    private final AtomicInteger holds = new AtomicInteger();
    private CompletableFuture<Void> holding = CompletableFuture.completedFuture(null);

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void spansStandInOrderWithCodePointOffsets() {
        mark("Person", "Ada", Tag.B, .9f);
        mark("Person", "Lovelace", Tag.I, .7f);
        mark("City", "Paris", Tag.B, 1f);
        Extraction extraction = extract("🚀🚀 Ada Lovelace flew to Paris.", Label.named("City"), Label.named("Person"));
        assertEquals(2, extraction.spans().size());
        ExtractedSpan ada = extraction.spans().get(0);
        assertEquals(new ExtractedSpan("s1", "Person", "Ada Lovelace", 3, 15, ada.score(), Optional.empty()), ada);
        assertEquals(.8, ada.score(), 1e-6);
        assertEquals(24, extraction.spans().get(1).start());
        assertEquals(1, extraction.sentences());
        assertEquals("fake@0", extraction.model());
    }

    @Test
    void aLabelWithAHeadIsAskedOnceForEverySpanOfTheHead() {
        mark("Person", "Ada", Tag.B, 1f);
        mark("Person", "Bob", Tag.B, 1f);
        mark("Ada works for", "Babbage", Tag.B, 1f);
        mark("Bob works for", "Herschel", Tag.B, 1f);
        Extraction extraction = extract("Ada met Bob. Ada works for Babbage, Bob works for Herschel.",
                Label.named("Person"), Label.of("works for", "Person"));
        List<ExtractedSpan> relations =
                extraction.spans().stream().filter(span -> span.label().equals("works for")).toList();
        assertEquals(List.of("Babbage", "Herschel"), relations.stream().map(ExtractedSpan::text).toList());
        assertEquals(List.of(13, 36), relations.stream().map(span -> byId(extraction, span.of().orElseThrow()).start()).toList());
    }

    @Test
    void chainsOfFourStagesAreFollowed() {
        mark("A", "a", Tag.B, 1f);
        mark("a B", "b", Tag.B, 1f);
        mark("b C", "c", Tag.B, 1f);
        mark("c D", "d", Tag.B, 1f);
        Extraction extraction = extract("a b c d", Label.named("A"), Label.of("B", "A"), Label.of("C", "B"), Label.of("D", "C"));
        assertEquals(List.of("a", "b", "c", "d"), extraction.spans().stream().map(ExtractedSpan::text).toList());
    }

    @Test
    void blankTextIsADocumentWithoutSpans() {
        for (String text : List.of("", "  \n\t", "\u00a0")) {
            Extraction extraction = extract(text, Label.named("Person"));
            assertEquals(List.of(), extraction.spans());
            assertEquals(0, extraction.sentences());
        }
    }

    @Test
    void exclusiveKeepsTheHigherScoreAndDropsWhatHungOnTheLower() {
        mark("Organisation", "University", Tag.B, .6f);
        mark("Organisation", "of", Tag.I, .6f);
        mark("Organisation", "Paris", Tag.I, .6f);
        mark("City", "Paris", Tag.B, .9f);
        mark("University of Paris where", "France", Tag.B, 1f);
        Label[] labels = {Label.named("Organisation"), Label.named("City"), Label.of("where", "Organisation")};
        assertEquals(3, extract("University of Paris in France", labels).spans().size());
        ExtractionRequest request = request("University of Paris in France", 0, true, labels);
        List<ExtractedSpan> spans = extractor.extract(request, STREAM).join().spans();
        assertEquals(List.of("City"), spans.stream().map(ExtractedSpan::label).toList());
    }

    @Test
    void aHeadBelowTheThresholdIsNotAskedAbout() {
        mark("Person", "Ada", Tag.B, .4f);
        mark("Ada works for", "Babbage", Tag.B, 1f);
        ExtractionRequest request = request("Ada works for Babbage", .5, false, Label.named("Person"), Label.of("works for", "Person"));
        assertEquals(List.of(), extractor.extract(request, STREAM).join().spans());
        assertEquals(1, tagger.runs.get());
    }

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
    void aLongHeadIsShortenedInThePromptWithAWarning() {
        String words = "w ".repeat(60).strip();
        knowledge.computeIfAbsent("P", p -> new HashMap<>()).put(FakeEncoder.idOf("w"), new Mark(Tag.I, 1f));
        mark("P", "first", Tag.B, 1f);
        Extraction extraction = extract("first " + words, Label.named("P"), Label.of("x", "P"));
        assertEquals(1, extraction.spans().size());
        assertTrue(extraction.warnings().get(0).contains("shortened head"), extraction.warnings().toString());
    }

    @Test
    void aWordCutShortIsSaid() {
        Extraction extraction = extract("Ada " + "x".repeat(300) + " Paris", Label.named("Person"));
        assertTrue(extraction.truncated());
        assertTrue(extraction.warnings().get(0).contains("word at 4"), extraction.warnings().toString());
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

    @Test
    void tellsHowSureTheTagsOfEachSentenceAre() throws Exception {
        mark("Person", "Ada", Tag.B, .5f);
        mark("City", "Rome", Tag.O, .25f);
        CompletableFuture<List<ReadSentence>> read = new CompletableFuture<>();
        ExtractionObserver observer = new ExtractionObserver() {
            @Override
            public void stage(Stage stage, long nanos) {}

            @Override
            public void extracted(ExtractionRequest request, Extraction extraction, int queries) {}

            @Override
            public void read(ExtractionRequest request, List<ReadSentence> sentences) {
                read.complete(sentences);
            }
        };
        Extractor watched = new Extractor("fake@0", new FakeEncoder(64), batcher, this::hold, new Admission(1_000), 1_000,
                ForkJoinPool.commonPool(), ExtractionObserver.both(ExtractionObserver.NONE, observer));
        watched.extract(request("Ada left Rome. It rained there.", 0, false, Label.named("Person"), Label.named("City"),
                Label.of("works for", "Person")), STREAM).join();
        List<ReadSentence> sentences = read.get(10, TimeUnit.SECONDS);
        // Four words by two labels; the label about Ada does not count.
        assertEquals((-Math.log(.5) - Math.log(.25)) / 8, sentences.get(0).uncertainty(), 1e-6);
        assertEquals(new ReadSentence(15, 31, 0), sentences.get(1));
    }

    private CompletableFuture<Adapters.Hold> hold(Adapter adapter) {
        return holding.thenApply(ready -> {
            holds.incrementAndGet();
            return holds::decrementAndGet;
        });
    }

    private Extractor extractor(int maxQueries) {
        return new Extractor("fake@0", new FakeEncoder(64), batcher, this::hold, new Admission(1_000), maxQueries,
                ForkJoinPool.commonPool(), ExtractionObserver.NONE);
    }

    private void assertRejected(Reason reason, Extractor with, String text, Label... labels) {
        CompletionException e = assertThrows(CompletionException.class,
                () -> with.extract(request(text, 0, false, labels), STREAM).join());
        assertEquals(reason, assertInstanceOf(RejectedDocumentException.class, e.getCause()).reason());
    }

    private Extraction extract(String text, Label... labels) {
        return extractor.extract(request(text, 0, false, labels), STREAM).join();
    }

    private static ExtractionRequest request(String text, double threshold, boolean exclusive, Label... labels) {
        return new ExtractionRequest(new Document("d", text), Optional.empty(), LabelSet.of(List.of(labels)), threshold,
                exclusive, Optional.empty(), Adapter.NONE, List.of());
    }

    private static ExtractedSpan byId(Extraction extraction, String id) {
        return extraction.spans().stream().filter(span -> span.id().equals(id)).findFirst().orElseThrow();
    }

    private void mark(String prompt, String word, byte tag, float probability) {
        knowledge.computeIfAbsent(prompt, p -> new HashMap<>()).put(FakeEncoder.idOf(word), new Mark(tag, probability));
    }

    private Tags tag(Query query) {
        Map<Integer, Mark> marks = knowledge.entrySet().stream()
                .filter(entry -> startsWith(query, entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst().orElse(Map.of());
        Tags tags = new Tags(new byte[query.firsts().length], new float[query.firsts().length]);
        for (int i = 0; i < query.firsts().length; i++) {
            Mark mark = marks.getOrDefault(query.tokens()[query.firsts()[i]], new Mark(Tag.O, 1f));
            tags.tags()[i] = mark.tag;
            tags.probabilities()[i] = mark.probability;
        }
        return tags;
    }

    private static boolean startsWith(Query query, String prompt) {
        int at = 1;
        for (String word : (prompt + " :").split(" ")) {
            for (int id : new FakeEncoder(64).encode(word)) {
                if (query.tokens()[at++] != id) {
                    return false;
                }
            }
        }
        return true;
    }

    private record Mark(byte tag, float probability) {}
}
