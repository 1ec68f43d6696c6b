package io.metaie.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.text.CodePoints;
import io.metaie.text.Excerpt;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the spans of one example: finds their places, their labels and their heads. */
final class SpanReader {

    private final String text;
    private final LabelSet labels;
    private final List<Written> written = new ArrayList<>();
    private final Map<String, Written> byId = new HashMap<>();

    /** A span as it is written. */
    private static final class Written {
        private final int index;
        private final String label;
        private final List<Place> places;
        private final Optional<String> of;
        private List<LabelledSpan> spans = List.of();

        Written(int index, String label, List<Place> places, Optional<String> of) {
            this.index = index;
            this.label = label;
            this.places = places;
            this.of = of;
        }
    }

    /** UTF-16 offsets. */
    private record Place(int start, int end) {}

    SpanReader(String text, LabelSet labels) {
        this.text = text;
        this.labels = labels;
    }

    List<LabelledSpan> read(JsonNode spans) throws InvalidExampleException {
        CodePoints codePoints = CodePoints.of(text);
        for (JsonNode span : spans) {
            read(span, codePoints);
        }
        List<LabelledSpan> all = new ArrayList<>();
        for (Written span : written) {
            all.addAll(resolve(span, 1));
        }
        return all;
    }

    private void read(JsonNode span, CodePoints codePoints) throws InvalidExampleException {
        int index = written.size();
        if (!span.path("label").isTextual()) {
            throw fault(index, span.isObject() ? "\"label\" is missing or no string" : "not a JSON object");
        }
        String label = Label.named(span.path("label").textValue()).name();
        Written read = new Written(index, label, places(index, span, codePoints), id(span.path("of")));
        written.add(read);
        Optional<String> id = id(span.path("id"));
        if (id.isPresent() && byId.putIfAbsent(id.get(), read) != null) {
            throw fault(index, "the id \"" + id.get() + "\" is taken");
        }
    }

    private static Optional<String> id(JsonNode id) {
        return id.isValueNode() && !id.isNull() ? Optional.of(id.asText()) : Optional.empty();
    }

    private List<Place> places(int index, JsonNode span, CodePoints codePoints) throws InvalidExampleException {
        JsonNode start = span.path("start");
        JsonNode end = span.path("end");
        JsonNode slice = span.path("text");
        if (start.isMissingNode() && end.isMissingNode()) {
            if (!slice.isTextual()) {
                throw fault(index, "neither \"start\" and \"end\" nor \"text\"");
            }
            return occurrences(index, slice.textValue());
        }
        if (!start.canConvertToInt() || !start.isIntegralNumber() || !end.canConvertToInt() || !end.isIntegralNumber()) {
            throw fault(index, "\"start\" and \"end\" must be whole numbers");
        }
        int from = start.intValue();
        int to = end.intValue();
        int length = codePoints.at(text.length());
        if (from < 0 || from >= to || to > length) {
            throw fault(index, "[" + from + "," + to + "] is no stretch of a text of " + length + " code points");
        }
        Place place = new Place(codePoints.utf16(from), codePoints.utf16(to));
        if (slice.isTextual() && !text.substring(place.start(), place.end()).equals(slice.textValue())) {
            throw fault(index, "its \"text\" is not what stands at [" + from + "," + to + "]");
        }
        return List.of(place);
    }

    private List<Place> occurrences(int index, String slice) throws InvalidExampleException {
        if (slice.isBlank()) {
            throw fault(index, "its \"text\" is blank");
        }
        Set<Integer> starts = new HashSet<>();
        Set<Integer> ends = new HashSet<>();
        for (Word word : Words.split(text)) {
            starts.add(word.start());
            ends.add(word.end());
        }
        List<Place> all = new ArrayList<>();
        List<Place> whole = new ArrayList<>();
        for (int at = text.indexOf(slice); at >= 0; ) {
            Place place = new Place(at, at + slice.length());
            all.add(place);
            boolean isWhole = starts.contains(place.start()) && ends.contains(place.end());
            if (isWhole) {
                whole.add(place);
            }
            at = text.indexOf(slice, isWhole ? place.end() : at + 1);
        }
        if (all.isEmpty()) {
            throw fault(index, "the text does not hold \"" + shortened(slice) + "\"");
        }
        return whole.isEmpty() ? all : whole;
    }

    private List<LabelledSpan> resolve(Written span, int depth) throws InvalidExampleException {
        if (!span.spans.isEmpty()) {
            return span.spans;
        }
        if (depth > LabelSet.MAX_DEPTH) {
            throw fault(span.index, "it stands in a cycle of heads, or in a chain deeper than " + LabelSet.MAX_DEPTH);
        }
        Optional<LabelledSpan> head = head(span, depth);
        Optional<Label> about = head.flatMap(known -> find(span.label, Optional.of(known.label().name())));
        Label label = about.or(() -> find(span.label, Optional.empty())).orElse(null);
        if (label == null) {
            boolean dependent = labels.labels().stream().anyMatch(known -> known.name().equals(span.label));
            throw fault(span.index, "label \"" + shortened(span.label) + "\" "
                    + (dependent ? "needs an \"of\" with the id of its head" : "is not among the labels"));
        }
        span.spans = span.places.stream()
                .map(place -> new LabelledSpan(label, place.start(), place.end(), about.isPresent() ? head : Optional.empty()))
                .toList();
        return span.spans;
    }

    private Optional<LabelledSpan> head(Written span, int depth) throws InvalidExampleException {
        boolean asked = labels.labels().stream().anyMatch(l -> l.name().equals(span.label) && l.of().isPresent());
        if (span.of.isEmpty() || !asked) {
            return Optional.empty();
        }
        Written head = byId.get(span.of.get());
        if (head == null) {
            throw fault(span.index, "no span has the id \"" + shortened(span.of.get()) + "\"");
        }
        List<LabelledSpan> heads = resolve(head, depth + 1);
        if (heads.size() != 1) {
            throw fault(span.index, "its head occurs " + heads.size() + " times: give the head by \"start\" and \"end\"");
        }
        return Optional.of(heads.get(0));
    }

    private Optional<Label> find(String name, Optional<String> of) {
        return labels.labels().stream().filter(label -> label.name().equals(name) && label.of().equals(of)).findFirst();
    }

    private static InvalidExampleException fault(int index, String what) {
        return new InvalidExampleException("spans[" + index + "]: " + what);
    }

    private static String shortened(String string) {
        return Excerpt.of(string, 60, 40);
    }
}
