package io.metaie.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Adapters;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.FakeTagger;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.Tag;
import io.metaie.tagging.Tags;
import io.metaie.text.Document;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** An extractor over a tagger that knows its words: {@code <prompt> : <words>} → the words it marks. */
abstract class ExtractedDocuments {

    static final Source STREAM = new Source("stream", false);

    /** Prompt → word → (tag, probability). */
    final Map<String, Map<Integer, Mark>> knowledge = new HashMap<>();

    final FakeTagger tagger = new FakeTagger(this::tag);
    final MicroBatcher batcher =
            new MicroBatcher(tagger, new BatchSettings(1, 256, 64, Duration.ZERO), BatchObserver.NONE);
    final Extractor extractor = extractor(100_000);

    /** How many documents hold their adapter. */
    final AtomicInteger holds = new AtomicInteger();

    CompletableFuture<Void> holding = CompletableFuture.completedFuture(null);

    @AfterEach
    void close() {
        batcher.close();
    }

    CompletableFuture<Adapters.Hold> hold(Adapter adapter) {
        return holding.thenApply(ready -> {
            holds.incrementAndGet();
            return holds::decrementAndGet;
        });
    }

    Extractor extractor(int maxQueries) {
        return new Extractor("fake@0", new FakeEncoder(64), batcher, this::hold, new Admission(1_000), maxQueries,
                ForkJoinPool.commonPool(), ExtractionObserver.NONE);
    }

    void assertRejected(Reason reason, Extractor with, String text, Label... labels) {
        CompletionException e = assertThrows(CompletionException.class,
                () -> with.extract(request(text, 0, false, labels), STREAM).join());
        assertEquals(reason, assertInstanceOf(RejectedDocumentException.class, e.getCause()).reason());
    }

    Extraction extract(String text, Label... labels) {
        return extractor.extract(request(text, 0, false, labels), STREAM).join();
    }

    static ExtractionRequest request(String text, double threshold, boolean exclusive, Label... labels) {
        return new ExtractionRequest(new Document("d", text), Optional.empty(), LabelSet.of(List.of(labels)), threshold,
                exclusive, Optional.empty(), Adapter.NONE, List.of());
    }

    void mark(String prompt, String word, byte tag, float probability) {
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

    record Mark(byte tag, float probability) {}
}
