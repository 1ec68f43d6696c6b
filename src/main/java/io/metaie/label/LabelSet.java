package io.metaie.label;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The labels of one document or task, in the order asked: valid, without repeats, and arranged as chains. Labels
 * without a head are asked of every sentence; a label with a head is asked once for every span of that head, so
 * relations, events, semantic roles and opinion triplets are chains of labels.
 */
public final class LabelSet {

    /** How many labels one document or task may ask. */
    public static final int MAX_LABELS = 1_000;
    /** How long a name may be, in code points. */
    public static final int MAX_NAME = 256;
    /** How many labels may stand behind one another in a chain. */
    public static final int MAX_DEPTH = 4;

    private final List<Label> labels;
    private final List<Label> roots;
    private final Map<String, List<Label>> dependents;
    private final List<String> warnings;

    private LabelSet(List<Label> labels, List<String> warnings) {
        this.labels = List.copyOf(labels);
        this.roots = labels.stream().filter(label -> label.of().isEmpty()).toList();
        this.dependents = new HashMap<>();
        for (Label label : labels) {
            label.of().ifPresent(head -> dependents.computeIfAbsent(head, h -> new ArrayList<>()).add(label));
        }
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Checks and arranges labels.
     *
     * @throws InvalidLabelsException for an empty or over-long name, an unknown head, a cycle, a chain deeper than
     *     {@value #MAX_DEPTH}, a prompt without {@code {span}}, or more than {@value #MAX_LABELS} labels
     */
    public static LabelSet of(List<Label> asked) {
        if (asked.size() > MAX_LABELS) {
            throw new InvalidLabelsException(asked.size() + " labels, at most " + MAX_LABELS + " can be asked at once");
        }
        Map<Key, Label> distinct = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (Label label : asked) {
            checkNames(label);
            if (distinct.putIfAbsent(new Key(label), label) != null) {
                warnings.add("label \"" + label + "\" was given more than once and is answered once");
            }
        }
        List<Label> labels = List.copyOf(distinct.values());
        checkChains(labels);
        return new LabelSet(labels, warnings.stream().distinct().toList());
    }

    /** All labels, in the order asked. */
    public List<Label> labels() {
        return labels;
    }

    /** The labels asked of every sentence, in the order asked. */
    public List<Label> roots() {
        return roots;
    }

    /** The labels asked about each span of the given one, in the order asked. */
    public List<Label> dependents(Label head) {
        return dependents.getOrDefault(head.name(), List.of());
    }

    /** What the publisher should know: repeats that were left out. */
    public List<String> warnings() {
        return warnings;
    }

    public boolean isEmpty() {
        return labels.isEmpty();
    }

    private static void checkNames(Label label) {
        if (label.name().isEmpty() || label.name().codePoints().allMatch(LabelSet::isInvisible)) {
            throw new InvalidLabelsException("a label without a name");
        }
        int length = label.name().codePointCount(0, label.name().length());
        if (length > MAX_NAME) {
            throw new InvalidLabelsException("label \"" + label.name().substring(0, label.name().offsetByCodePoints(0, 40))
                    + "…\" has " + length + " code points, at most " + MAX_NAME + " are allowed");
        }
        if (label.of().isPresent() && !label.prompt().contains(Label.SPAN)) {
            throw new InvalidLabelsException("the prompt of label \"" + label + "\" lacks " + Label.SPAN);
        }
        if (label.of().isEmpty() && !label.prompt().equals(label.name())) {
            throw new InvalidLabelsException("label \"" + label + "\" has a prompt of its own, but no \"of\": only labels about a head have one");
        }
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static void checkChains(List<Label> labels) {
        Map<String, List<Label>> byName = new HashMap<>();
        labels.forEach(label -> byName.computeIfAbsent(label.name(), n -> new ArrayList<>()).add(label));
        for (Label label : labels) {
            label.of().filter(head -> !byName.containsKey(head)).ifPresent(head -> {
                throw new InvalidLabelsException("label \"" + label.name() + "\" is of \"" + head
                        + "\", which is not among the labels");
            });
        }
        Map<Label, Integer> depths = new HashMap<>();
        for (Label label : labels) {
            if (depth(label, byName, depths, new HashSet<>()) > MAX_DEPTH) {
                throw new InvalidLabelsException("label \"" + label + "\" ends a chain deeper than " + MAX_DEPTH);
            }
        }
    }

    /** The length of the longest chain that ends at a label; recursion is bounded by {@link #MAX_LABELS}. */
    private static int depth(
            Label label, Map<String, List<Label>> byName, Map<Label, Integer> known, Set<Label> above) {
        if (known.containsKey(label)) {
            return known.get(label);
        }
        if (!above.add(label)) {
            throw new InvalidLabelsException("label \"" + label + "\" is part of a cycle");
        }
        int deepest = 0;
        if (label.of().isPresent()) {
            for (Label head : byName.get(label.of().get())) {
                deepest = Math.max(deepest, depth(head, byName, known, above));
            }
        }
        above.remove(label);
        known.put(label, deepest + 1);
        return deepest + 1;
    }

    private record Key(String name, String of) {
        Key(Label label) {
            this(label.name(), label.of().orElse(""));
        }
    }
}
