package io.metaie.rendering;

import static io.metaie.rendering.Html.escape;
import static io.metaie.rendering.HtmlPage.counted;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.rendering.AnnotatedText.Piece;
import io.metaie.text.Excerpt;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One document of a page. */
final class HtmlArticle {

    /** How many lanes the style sheet tells apart, as the classes {@code k0}, {@code k1}, … */
    private static final int MOST_LANES = 8;

    private static final int SHOWN_LABEL = 40;

    private final String id;
    private final PageLabels labels;
    private final Map<String, ExtractedSpan> byId = new HashMap<>();
    private final Map<Place, ExtractedSpan> marked = new LinkedHashMap<>();
    private final StringBuilder html = new StringBuilder();

    /** Spans of one label in one place, found about several heads, are one mark. */
    private record Place(String label, int start, int end) {
        Place(ExtractedSpan span) {
            this(span.label(), span.start(), span.end());
        }
    }

    /** @param number the document's in the page, from 1 */
    HtmlArticle(int number, PageLabels labels) {
        this.id = "d" + number;
        this.labels = labels;
    }

    String render(String text, Extraction extraction) {
        extraction.spans().forEach(span -> {
            byId.put(span.id(), span);
            marked.putIfAbsent(new Place(span), span);
            labels.count(span.label());
        });
        html.append("<article id=\"").append(id).append("\">\n<h2><bdi>").append(escape(extraction.documentId()))
                .append("</bdi></h2>\n<p class=\"facts\">").append(facts(extraction)).append("</p>\n");
        text(text, List.copyOf(marked.values()));
        relations(Relations.of(extraction.spans()));
        table(extraction.spans());
        warnings(extraction.warnings());
        return html.append("</article>\n").toString();
    }

    private static String facts(Extraction extraction) {
        return counted(extraction.sentences(), "sentence") + " · " + counted(extraction.spans().size(), "span")
                + extraction.task().map(task -> " · task <bdi>" + escape(task) + "</bdi>").orElse("")
                + extraction.adapter().map(adapter -> " · adapter <bdi>" + escape(adapter) + "</bdi>").orElse("")
                + (extraction.truncated() ? " · truncated" : "");
    }

    private void text(String text, List<ExtractedSpan> spans) {
        Lanes lanes = new Lanes(spans);
        Comparator<ExtractedSpan> outerFirst = Comparator.comparingInt(lanes::of).reversed();
        Set<String> begun = new HashSet<>();
        html.append("<div class=\"text t").append(Math.min(lanes.count(), MOST_LANES)).append("\" dir=\"auto\">");
        for (Piece piece : AnnotatedText.cut(text, spans)) {
            List<ExtractedSpan> covering = piece.spans().stream().sorted(outerFirst).toList();
            for (ExtractedSpan span : covering) {
                mark(span, lanes.of(span), begun.add(span.id()), piece.closing().contains(span));
            }
            html.append(escape(piece.text())).append("</mark>".repeat(covering.size()));
        }
        html.append("</div>\n");
    }

    private void mark(ExtractedSpan span, int lane, boolean first, boolean last) {
        html.append("<mark class=\"").append(classes(span)).append(" k").append(Math.min(lane, MOST_LANES - 1))
                .append('"');
        if (first) {
            html.append(" id=\"").append(anchor(span)).append('"');
        }
        if (last) {
            html.append(" data-label=\"").append(escape(shortened(span.label()))).append('"');
        }
        html.append(" title=\"").append(escape(description(span))).append("\">");
    }

    private String description(ExtractedSpan span) {
        String head = span.of().map(byId::get).map(of -> " of " + of.text()).orElse("");
        return span.label() + head + " · " + score(span) + " · " + span.start() + "–" + span.end();
    }

    private void relations(Relations relations) {
        if (relations.heads().isEmpty()) {
            return;
        }
        html.append("<h3>Relations</h3>\n<ul class=\"relations\">\n");
        for (ExtractedSpan head : relations.heads()) {
            html.append("<li class=\"").append(labels.toggle(head.label())).append(onlyTail(relations.tails(head))).append("\">");
            link(head);
            tails(relations, head);
            html.append("</li>\n");
        }
        html.append("</ul>\n");
    }

    /** A head whose tails are all of one label is hidden with that label. */
    private String onlyTail(List<ExtractedSpan> tails) {
        List<String> toggles = tails.stream().map(tail -> labels.toggle(tail.label())).distinct().toList();
        return toggles.size() == 1 ? " " + toggles.get(0) : "";
    }

    private void tails(Relations relations, ExtractedSpan head) {
        List<ExtractedSpan> tails = relations.tails(head);
        if (tails.isEmpty()) {
            return;
        }
        html.append("\n<ul>\n");
        for (ExtractedSpan tail : tails) {
            html.append("<li class=\"").append(classes(tail)).append("\"><span class=\"arrow\">→</span> <bdi class=\"chip\">")
                    .append(escape(tail.label())).append("</bdi> <span class=\"arrow\">→</span> ");
            link(tail);
            tails(relations, tail);
            html.append("</li>\n");
        }
        html.append("</ul>\n");
    }

    private void link(ExtractedSpan span) {
        html.append("<a class=\"").append(labels.colour(span.label())).append("\" href=\"#").append(anchor(span))
                .append("\"><bdi>").append(escape(span.text())).append("</bdi></a>");
    }

    private void table(List<ExtractedSpan> spans) {
        if (spans.isEmpty()) {
            return;
        }
        html.append("<details>\n<summary>").append(counted(spans.size(), "span")).append("</summary>\n<table>\n")
                .append("<thead><tr><th scope=\"col\">Label</th><th scope=\"col\">Text</th><th scope=\"col\">Of</th>")
                .append("<th scope=\"col\">Start</th><th scope=\"col\">End</th><th scope=\"col\">Score</th></tr></thead>\n<tbody>\n");
        for (ExtractedSpan span : spans) {
            html.append("<tr class=\"").append(classes(span)).append("\"><td><bdi class=\"chip\">").append(escape(span.label()))
                    .append("</bdi></td><td>");
            link(span);
            html.append("</td><td><bdi>")
                    .append(span.of().map(byId::get).map(head -> escape(head.text())).orElse(""))
                    .append("</bdi></td><td>").append(span.start()).append("</td><td>").append(span.end())
                    .append("</td><td>").append(score(span)).append("</td></tr>\n");
        }
        html.append("</tbody>\n</table>\n</details>\n");
    }

    private void warnings(List<String> warnings) {
        if (warnings.isEmpty()) {
            return;
        }
        html.append("<ul class=\"warnings\">\n");
        warnings.forEach(warning -> html.append("<li><bdi>").append(escape(warning)).append("</bdi></li>\n"));
        html.append("</ul>\n");
    }

    private String classes(ExtractedSpan span) {
        return labels.toggle(span.label()) + " " + labels.colour(span.label());
    }

    private String anchor(ExtractedSpan span) {
        return id + "-" + escape(marked.get(new Place(span)).id());
    }

    /** A label as it stands behind its span; the whole is in the span's title. */
    private static String shortened(String label) {
        return Excerpt.of(label, SHOWN_LABEL, SHOWN_LABEL - 1);
    }

    private static String score(ExtractedSpan span) {
        return String.format(Locale.ROOT, "%.2f", span.score());
    }
}
