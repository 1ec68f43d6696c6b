package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Parts sentences into those that are learned from and those that are measured on. Parts have about the same share of
 * every label's spans (Sechidis et al., "On the Stratification of Multi-Label Data", ECML 2011), and the same sentence
 * never stands in two.
 */
final class Folds {

    /** From so many sentences up, one part is held out; below, each part is held out once. */
    static final int HOLD_OUT_FROM = 40;
    /** With fewer sentences nothing is measured. */
    static final int LEAST = 8;

    private static final double HELD_OUT = 0.2;
    private static final int CROSS_VALIDATION = 3;

    private Folds() {}

    /**
     * The folds that a number of sentences allows: one with a fifth held out, or three; none if there are too few.
     *
     * @param holdout the share to hold out, if one is asked for; 0 for none
     */
    static List<Fold> of(List<Example> sentences, OptionalDouble holdout, long seed) {
        if (holdout.isPresent()) {
            return holdout.getAsDouble() == 0 ? List.of() : heldOut(sentences, holdout.getAsDouble(), seed);
        }
        if (sentences.size() < LEAST) {
            return List.of();
        }
        return sentences.size() >= HOLD_OUT_FROM ? heldOut(sentences, HELD_OUT, seed) : crossValidated(sentences, seed);
    }

    private static List<Fold> heldOut(List<Example> sentences, double share, long seed) {
        List<List<Example>> parts = part(sentences, new double[] {1 - share, share}, seed);
        return usable(List.of(new Fold(parts.get(0), parts.get(1))));
    }

    private static List<Fold> crossValidated(List<Example> sentences, long seed) {
        double[] shares = new double[CROSS_VALIDATION];
        Arrays.fill(shares, 1.0 / CROSS_VALIDATION);
        List<List<Example>> parts = part(sentences, shares, seed);
        return usable(IntStream.range(0, CROSS_VALIDATION)
                .mapToObj(held -> new Fold(
                        IntStream.range(0, CROSS_VALIDATION)
                                .filter(i -> i != held)
                                .mapToObj(parts::get)
                                .flatMap(List::stream)
                                .toList(),
                        parts.get(held)))
                .toList());
    }

    /** Folds say nothing when there is nothing to find in what is held out, or nothing to learn from the rest. */
    private static List<Fold> usable(List<Fold> folds) {
        boolean found = folds.stream().anyMatch(fold -> hasSpans(fold.held()));
        boolean learned = folds.stream().allMatch(fold -> hasSpans(fold.learned()));
        return found && learned ? folds : List.of();
    }

    private static boolean hasSpans(List<Example> sentences) {
        return sentences.stream().anyMatch(sentence -> !sentence.spans().isEmpty());
    }

    /** Deals sentences out, those with the rarest labels first, each to the part that lacks most of its label. */
    private static List<List<Example>> part(List<Example> sentences, double[] shares, long seed) {
        List<List<Example>> groups = groups(sentences, seed);
        Map<String, Integer> counts = new HashMap<>();
        groups.forEach(group -> labels(group).forEach((label, count) -> counts.merge(label, count, Integer::sum)));
        groups.sort(Comparator.comparingInt(group ->
                labels(group).keySet().stream().mapToInt(counts::get).min().orElse(Integer.MAX_VALUE)));
        List<List<Example>> parts = IntStream.range(0, shares.length).<List<Example>>mapToObj(i -> new ArrayList<>()).toList();
        List<Map<String, Integer>> dealt =
                IntStream.range(0, shares.length).<Map<String, Integer>>mapToObj(i -> new HashMap<>()).toList();
        for (List<Example> group : groups) {
            Map<String, Integer> labels = labels(group);
            String rarest = labels.keySet().stream().min(Comparator.comparingInt(counts::get)).orElse("");
            int to = IntStream.range(0, shares.length)
                    .boxed()
                    .max(Comparator
                            .comparingDouble((Integer i) -> shares[i] * counts.getOrDefault(rarest, 0)
                                    - dealt.get(i).getOrDefault(rarest, 0))
                            .thenComparingDouble(i -> shares[i] * sentences.size() - parts.get(i).size()))
                    .orElseThrow();
            parts.get(to).addAll(group);
            labels.forEach((label, count) -> dealt.get(to).merge(label, count, Integer::sum));
        }
        return parts;
    }

    /** The same sentence, annotated several times, stays together. */
    private static List<List<Example>> groups(List<Example> sentences, long seed) {
        Map<String, List<Example>> byText = new LinkedHashMap<>();
        sentences.forEach(sentence -> byText.computeIfAbsent(sentence.text(), text -> new ArrayList<>()).add(sentence));
        List<List<Example>> groups = new ArrayList<>(byText.values());
        Collections.shuffle(groups, new Random(seed));
        return groups;
    }

    /** How many spans each label has, in an order that does not depend on the run. */
    private static Map<String, Integer> labels(List<Example> group) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        for (Example sentence : group) {
            for (LabelledSpan span : sentence.spans()) {
                labels.merge(span.label().toString(), 1, Integer::sum);
            }
        }
        return labels;
    }
}
