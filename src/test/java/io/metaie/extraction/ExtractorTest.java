package io.metaie.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.label.Label;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The flow of a document: what is answered. */
class ExtractorTest extends ExtractedDocuments {

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

    private static ExtractedSpan byId(Extraction extraction, String id) {
        return extraction.spans().stream().filter(span -> span.id().equals(id)).findFirst().orElseThrow();
    }
}
