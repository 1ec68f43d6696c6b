package io.metaie.distillation;

import io.metaie.distillation.Alignment.AlignedSpan;
import io.metaie.distillation.WordText.Place;
import io.metaie.label.Label;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds an answer against its sentence: nothing is taken that does not stand there as whole words. A span means every
 * place where the sentence holds it. One that differs in case, white space or quotes alone is taken as the sentence has
 * it, if there is one such place and no more.
 */
public final class Aligner {

    /** An example of more spans would teach nothing more. */
    private static final int MAX_SPANS = 10_000;

    private final WordText exact;
    private final WordText folded;
    private final Map<String, Label> labels = new LinkedHashMap<>();
    private final Map<Written, Integer> written = new HashMap<>();
    private final Map<String, Taken> taken = new HashMap<>();
    private final Drops drops = new Drops();
    private int spans;
    private int asWritten;
    private int normalised;

    /** A pair, to tell its repeats. */
    private record Written(String label, List<Place> places) {}

    private Aligner(String sentence) {
        this.exact = WordText.exact(sentence);
        this.folded = WordText.folded(sentence);
    }

    /** Finds the places of what an answer says. */
    public static Alignment align(String sentence, ParsedAnswer answer) {
        return new Aligner(sentence).align(answer);
    }

    private Alignment align(ParsedAnswer answer) {
        answer.pairs().forEach(this::take);
        drops.add(answer.dropped());
        List<AlignedSpan> aligned = new ArrayList<>();
        labels.forEach((name, label) -> taken.get(name).places()
                .forEach(place -> aligned.add(new AlignedSpan(label, place.start(), place.end()))));
        // Stable: at one place the labels keep their order.
        aligned.sort(Comparator.comparingInt(AlignedSpan::start).thenComparingInt(AlignedSpan::end));
        return new Alignment(aligned, asWritten, normalised, drops.counts());
    }

    private void take(Pair pair) {
        List<Place> places = pair.spans().stream()
                .map(exact::find)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        boolean asItStands = !places.isEmpty();
        if (!asItStands) {
            places = pair.spans().stream()
                    .map(span -> folded.find(WordText.fold(span)))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse(List.of());
            if (places.size() != 1) {
                drops.count(places.isEmpty() ? Drop.NOT_IN_SENTENCE : Drop.NOT_UNIQUE);
                return;
            }
        }
        if (written.merge(new Written(pair.label(), places), 1, Integer::sum) > places.size()) {
            drops.count(Drop.REPEATED);
        } else if (add(pair.label(), places)) {
            asWritten += asItStands ? 1 : 0;
            normalised += asItStands ? 0 : 1;
        } else {
            drops.count(Drop.OVERLAPPING);
        }
    }

    /** @return whether any of the places could be taken: spans of one label never overlap */
    private boolean add(String label, List<Place> places) {
        Taken of = taken.getOrDefault(label, new Taken(new LinkedHashSet<>(), new BitSet()));
        boolean any = false;
        for (Place place : places) {
            if (of.places().contains(place)) {
                any = true;
            } else if (spans < MAX_SPANS && of.isFree(place)) {
                of.add(place);
                spans++;
                any = true;
            }
        }
        if (any) {
            labels.computeIfAbsent(label, Label::named);
            taken.put(label, of);
        }
        return any;
    }

    /** The places of one label, and the characters they cover. */
    private record Taken(Set<Place> places, BitSet covered) {

        boolean isFree(Place place) {
            int next = covered.nextSetBit(place.start());
            return next < 0 || next >= place.end();
        }

        void add(Place place) {
            places.add(place);
            covered.set(place.start(), place.end());
        }
    }
}
