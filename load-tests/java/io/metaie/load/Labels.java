package io.metaie.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The whole engine without Kafka, from a document's bytes to its extraction's, at one label a sentence, three, eight and
 * twenty: words are split and encoded once a sentence, labels once, so what grows with the labels is the model's work.
 * Rounds of all four in turn; medians.
 *
 * <p>{@code load-tests/run Labels [ROUNDS]}
 */
public final class Labels {

    private static final int[] COUNTS = {1, 3, 8, 20};
    /** Queries of a round, whatever the labels. */
    private static final int QUERIES = 6_000;

    private Labels() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        double[][] rates = new double[COUNTS.length][rounds];
        try (WholeEngine engine = new WholeEngine()) {
            engine.run(documents(4, 1_000));
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < COUNTS.length; i++) {
                    rates[i][round] = engine.run(documents(COUNTS[i], QUERIES / COUNTS[i]));
                }
            }
        }
        System.out.printf("one-sentence documents, %d queries a round, median of %d rounds%n%n", QUERIES, rounds);
        System.out.println("| labels a sentence | sentences/s | queries/s |");
        System.out.println("| --- | --- | --- |");
        for (int i = 0; i < COUNTS.length; i++) {
            double rate = Machine.median(rates[i]);
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.0f |%n", COUNTS[i], rate, rate * COUNTS[i]);
        }
    }

    private static List<String> documents(int labels, int count) throws Exception {
        List<String> documents = new ArrayList<>(count);
        for (String sentence : Texts.sentences(count)) {
            documents.add(Texts.document(documents.size(), sentence, Texts.LABELS.subList(0, labels)));
        }
        return documents;
    }
}
