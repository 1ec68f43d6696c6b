package io.metaie.rendering;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of a page, in order of their first span: each has a number, a colour and a checkbox. */
final class PageLabels {

    /** How many colours the style sheet has, as the classes {@code h0}, {@code h1}, … */
    private static final int COLOURS = 12;

    private final Map<String, Label> labels = new LinkedHashMap<>();

    private static final class Label {
        private final int number;
        private int spans;

        Label(int number) {
            this.number = number;
        }
    }

    /** Counts a span of a label. */
    void count(String name) {
        label(name).spans++;
    }

    /** The class by which everything of a label is shown and hidden. */
    String toggle(String name) {
        return "l" + label(name).number;
    }

    /** The class that gives a label's colour. */
    String colour(String name) {
        return "h" + label(name).number % COLOURS;
    }

    private Label label(String name) {
        return labels.computeIfAbsent(name, n -> new Label(labels.size()));
    }

    /** The checkboxes. */
    String controls() {
        if (labels.isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder("<form>\n<fieldset>\n<legend>Labels</legend>\n");
        labels.forEach((name, label) -> html.append("""
                <label class="%s"><input type="checkbox" id="%s" checked> <bdi>%s</bdi> <small>%d</small></label>
                """.formatted(colour(name), toggle(name), Html.escape(name), label.spans)));
        return html.append("<button type=\"reset\">Show all</button>\n</fieldset>\n</form>\n").toString();
    }

    /** The rules by which a checkbox that is not checked hides its label: no script is needed. */
    String css() {
        StringBuilder css = new StringBuilder();
        for (Label label : labels.values()) {
            String off = ":root:has(#l" + label.number + ":not(:checked)) ";
            String its = ".l" + label.number;
            css.append(off).append(its).append("{display:none}\n")
                    .append(off).append("mark").append(its).append("{display:inline;background:none;border-color:transparent}\n")
                    .append(off).append("mark").append(its).append("::after{content:none}\n");
        }
        return css.toString();
    }
}
