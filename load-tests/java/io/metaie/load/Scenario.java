package io.metaie.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A way in which documents may come.
 *
 * @param says what is about it, for the table
 * @param aSecond documents due in a second, on the mean
 */
record Scenario(String name, String says, double aSecond, Arrivals arrivals, Documents documents, Beside.Start beside) {

    /** Scenarios that cost money where the service's teacher does. */
    static final List<String> COSTLY = List.of("mixed");

    private static final int LABELS = 4;
    private static final int LONG = 100;
    private static final int TASKS = 1_000;
    private static final int ADAPTED = 16;

    /**
     * All of them. Each asks about the same number of queries (sentences × labels) a second, so what differs is not how
     * much is asked but how.
     */
    static List<Scenario> all(double queries, double seconds) throws Exception {
        Documents plain = Documents.labelled(1, LABELS);
        List<Scenario> all = new ArrayList<>();
        all.add(steady("steady", "one sentence, 4 labels", queries, seconds, plain, target -> Beside.NOTHING));
        double rate = queries / plain.queries();
        all.add(new Scenario("burst", "the same; half of each ten seconds' documents within one second", rate,
                Arrivals.gusts(rate, seconds), plain, target -> Beside.NOTHING));
        all.add(steady("long", LONG + " sentences, 4 labels", queries, seconds, Documents.labelled(LONG, LABELS),
                target -> Beside.NOTHING));
        for (int labels : new int[] {1, 3, 8, 20}) {
            all.add(steady("labels-" + labels, String.format(Locale.ROOT, "one sentence, %d label%s", labels, labels == 1 ? "" : "s"),
                    queries, seconds, Documents.labelled(1, labels), target -> Beside.NOTHING));
        }
        List<String> tasks = Tasks.names(TASKS);
        all.add(steady("tasks", "one sentence; 1,000 tasks of 4 labels in turn", queries, seconds,
                Documents.ofTasks(tasks, LABELS), target -> Tasks.define(target.control(), tasks, LABELS)));
        List<String> adapted = Tasks.names(ADAPTED);
        all.add(steady("adapters", "one sentence; 16 tasks of 4 labels in turn, each with weights of its own (rank 8)", queries,
                seconds, Documents.ofTasks(adapted, LABELS),
                target -> Tasks.define(target.control(), adapted, LABELS).adapt()));
        all.add(steady("mixed", "steady, beside adaptations to 20 sentences one after the other, and 20 requests a second for"
                + " a teacher that takes 200 ms", queries, seconds, plain, Beside.all(Adapting::on, Distilling::on)));
        return all;
    }

    private static Scenario steady(String name, String says, double queries, double seconds, Documents documents,
            Beside.Start beside) {
        double rate = queries / documents.queries();
        return new Scenario(name, says, rate, Arrivals.constant(rate, seconds), documents, beside);
    }
}
