package io.metaie.cli;

import io.metaie.cli.Terminal.Style;
import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import io.metaie.text.Excerpt;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Scores as a table for people, in percent. */
final class ScoreTable {

    /** Some data sets ask other labels in every sentence; nobody reads thousands of rows. */
    private static final int MOST_LABELS = 50;
    private static final int WIDEST_NAME = 48;

    private ScoreTable() {}

    static String of(Scores scores, Terminal terminal) {
        List<Map.Entry<String, Score>> labels = scores.labels().entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Score> label) -> label.getValue().support()).reversed())
                .limit(MOST_LABELS)
                .toList();
        int width = labels.stream().mapToInt(label -> name(label.getKey()).length()).max().orElse(0);
        width = Math.max(width, "micro".length());
        StringBuilder table = new StringBuilder();
        table.append(terminal.styled(String.format(Locale.ROOT, "%-" + width + "s  precision  recall      F1  support",
                "label"), Style.BOLD)).append('\n');
        for (Map.Entry<String, Score> label : labels) {
            row(table, width, name(label.getKey()), label.getValue());
        }
        int hidden = scores.labels().size() - labels.size();
        if (hidden > 0) {
            table.append(terminal.styled("and " + hidden + " labels with fewer spans; --format json has them all", Style.DIM))
                    .append('\n');
        }
        StringBuilder totals = new StringBuilder();
        row(totals, width, "micro", scores.micro());
        row(totals, width, "macro", scores.macro());
        table.append(terminal.styled(totals.toString().stripTrailing(), Style.BOLD)).append('\n');
        table.append(scores.unreachable()).append(" annotated spans are unreachable: they begin or end inside a word,"
                + " and count as missed");
        return table.toString();
    }

    private static void row(StringBuilder table, int width, String name, Score score) {
        table.append(String.format(Locale.ROOT, "%-" + width + "s  %9.2f  %6.2f  %6.2f  %,7d%n", name,
                100 * score.precision(), 100 * score.recall(), 100 * score.f1(), score.support()));
    }

    private static String name(String label) {
        return Excerpt.of(Terminal.printable(label), WIDEST_NAME, WIDEST_NAME / 2);
    }
}
