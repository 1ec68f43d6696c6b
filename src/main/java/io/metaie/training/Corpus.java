package io.metaie.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Sets of annotated sentences to learn from, with the labels that may be asked of a sentence that lacks them: those of
 * the set it comes from, but for the most frequent of all, since a sentence may well hold what they name.
 */
final class Corpus {

    /** Sentences that name no task are taken for those of a teacher who named labels freely. */
    static final String OPEN = "";

    private static final int COMMON = 150;

    private final List<DataSet> sets;
    private final List<String> labels;
    private final List<int[]> pools;
    private final int[] common;
    private final int openPool;

    private Corpus(List<DataSet> sets, List<String> labels, List<int[]> pools, int[] common, int openPool) {
        this.sets = List.copyOf(sets);
        this.labels = List.copyOf(labels);
        this.pools = List.copyOf(pools);
        this.common = common;
        this.openPool = openPool;
    }

    /**
     * The sentences of one file.
     *
     * @param weight how often each is seen in a pass; of a fraction, a random part
     */
    record DataSet(List<TrainingRecord> records, double weight) {}

    List<DataSet> sets() {
        return sets;
    }

    /** The name of a label. */
    String label(int number) {
        return labels.get(number);
    }

    /** Labels that a sentence of a pool may be asked though it lacks them. */
    int[] pool(int number) {
        return pools.get(number);
    }

    /** The most frequent labels. */
    int[] common() {
        return common;
    }

    /** Whether the labels of a pool's sentences were named freely, so that a frequent one may have a finer name there. */
    boolean isOpen(int pool) {
        return pool == openPool;
    }

    /** How many sentences there are. */
    int size() {
        return sets.stream().mapToInt(set -> set.records().size()).sum();
    }

    /** Puts a corpus together. */
    static final class Builder {

        private final List<DataSet> sets = new ArrayList<>();
        private final Map<String, Integer> labels = new HashMap<>();
        private final List<String> names = new ArrayList<>();
        private final Map<String, Integer> pools = new HashMap<>();
        private final List<Set<Integer>> members = new ArrayList<>();
        private final List<Integer> counts = new ArrayList<>();

        void add(DataSet set) {
            sets.add(set);
        }

        /** The number of a label; its name is kept once. */
        int label(String name) {
            return labels.computeIfAbsent(name, n -> {
                names.add(n);
                counts.add(0);
                return names.size() - 1;
            });
        }

        /** The number of a pool, which the labels become part of. */
        int pool(String name, int[] asked) {
            int pool = pools.computeIfAbsent(name, n -> {
                members.add(new HashSet<>());
                return members.size() - 1;
            });
            for (int label : asked) {
                members.get(pool).add(label);
                counts.set(label, counts.get(label) + 1);
            }
            return pool;
        }

        Corpus build() {
            int[] common = IntStream.range(0, names.size())
                    .boxed()
                    .sorted(Comparator.comparing(counts::get, Comparator.reverseOrder()))
                    .limit(COMMON)
                    .mapToInt(Integer::intValue)
                    .toArray();
            Set<Integer> frequent = new HashSet<>();
            IntStream.of(common).forEach(frequent::add);
            List<int[]> rare = members.stream()
                    .map(pool -> pool.stream().filter(label -> !frequent.contains(label)).sorted().mapToInt(l -> l).toArray())
                    .toList();
            return new Corpus(sets, names, rare, common, Optional.ofNullable(pools.get(OPEN)).orElse(-1));
        }
    }
}
