package io.metaie.cli;

import io.metaie.cli.Terminal.Style;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.label.LabelSet;
import io.metaie.rendering.AnnotatedText;
import io.metaie.rendering.AnnotatedText.Piece;
import io.metaie.rendering.Relations;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Prints extractions for people: the text with its spans and their labels in it, the relations as
 * {@code head → label → tail}, the warnings. Where there are no colours a span stands in brackets:
 * {@code [Ada Lovelace](Person)}.
 */
final class ReadableExtraction {

    private static final String INDENT = "  ";

    private final Terminal terminal;
    private Palette palette = new Palette();
    private boolean first = true;

    ReadableExtraction(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints one, a blank line between it and the one before. */
    void print(String text, Extraction extraction) {
        print(text, extraction, Optional.empty());
    }

    /** Prints one, with the labels that were asked; they have colours of their own. */
    void print(String text, Extraction extraction, LabelSet asked) {
        palette = new Palette();
        print(text, extraction, Optional.of(asked));
    }

    private void print(String text, Extraction extraction, Optional<LabelSet> asked) {
        PrintStream out = terminal.out();
        if (!first) {
            out.println();
        }
        first = false;
        String by = extraction.adapter().or(extraction::task).map(name -> "  " + Terminal.printable(name)).orElse("");
        out.println(terminal.styled(Terminal.printable(extraction.documentId()), Style.BOLD) + dim(by + "  "
                + counted(extraction.sentences(), "sentence") + ", " + counted(extraction.spans().size(), "span")
                + (extraction.truncated() ? ", truncated" : "")));
        asked.ifPresent(labels -> out.print(paragraph(INDENT)
                .add("labels: " + labels.labels().stream().map(label -> Terminal.printable(label.toString()))
                        .collect(Collectors.joining(", ")), this::dim)
                .end()));
        out.print(text(text, extraction.spans()));
        Relations.of(extraction.spans()).chains().forEach(chain -> out.print(chain(chain)));
        extraction.warnings().forEach(warning -> out.print(paragraph(INDENT)
                .add("! " + Terminal.printable(warning), part -> terminal.styled(part, Style.YELLOW))
                .end()));
    }

    private String text(String text, List<ExtractedSpan> spans) {
        Paragraph paragraph = paragraph(INDENT);
        for (Piece piece : AnnotatedText.cut(text, spans)) {
            if (terminal.colours()) {
                coloured(piece, paragraph);
            } else {
                bracketed(piece, paragraph);
            }
        }
        return paragraph.end();
    }

    private void coloured(Piece piece, Paragraph paragraph) {
        List<ExtractedSpan> spans = piece.spans();
        if (spans.isEmpty()) {
            paragraph.add(lines(piece.text()), part -> part);
            return;
        }
        Style colour = palette.of(spans.get(spans.size() - 1).label());
        paragraph.add(lines(piece.text()), part -> terminal.styled(part, Style.BOLD, Style.UNDERLINE, colour));
        piece.closing().stream().map(ExtractedSpan::label).distinct().forEach(label -> paragraph
                .add("\u00a0", part -> part)
                .add(unbroken(Terminal.printable(label)), part -> terminal.styled(part, Style.REVERSE, palette.of(label))));
    }

    private static void bracketed(Piece piece, Paragraph paragraph) {
        List<ExtractedSpan> spans = piece.spans();
        List<ExtractedSpan> opening = spans.subList(spans.size() - piece.opening(), spans.size());
        long brackets = opening.stream().mapToInt(ExtractedSpan::end).distinct().count();
        StringBuilder marked = new StringBuilder("[".repeat((int) brackets)).append(lines(piece.text()));
        Map<Integer, List<ExtractedSpan>> closing = piece.closing().stream()
                .collect(Collectors.groupingBy(ExtractedSpan::start, LinkedHashMap::new, Collectors.toList()));
        closing.values().forEach(ending -> marked.append("](")
                .append(ending.stream().map(span -> Terminal.printable(span.label())).distinct()
                        .collect(Collectors.joining(", ")))
                .append(')'));
        paragraph.add(marked.toString(), part -> part);
    }

    private String chain(List<ExtractedSpan> chain) {
        Paragraph paragraph = paragraph(INDENT + INDENT);
        ExtractedSpan head = chain.get(0);
        span(paragraph, head);
        for (ExtractedSpan tail : chain.subList(1, chain.size())) {
            paragraph.add(" → ", this::dim)
                    .add(Terminal.printable(tail.label()),
                            part -> terminal.styled(part, Style.REVERSE, palette.of(tail.label())))
                    .add(" → ", this::dim);
            span(paragraph, tail);
        }
        return paragraph.end();
    }

    private void span(Paragraph paragraph, ExtractedSpan span) {
        paragraph.add(Terminal.printable(span.text()),
                part -> terminal.styled(part, Style.BOLD, palette.of(span.label())));
    }

    private Paragraph paragraph(String indent) {
        return new Paragraph(indent, terminal.width().orElse(Integer.MAX_VALUE));
    }

    /** The text's own lines, each safe to show. */
    private static String lines(String text) {
        return text.lines().map(Terminal::printable).collect(Collectors.joining("\n")) + (endsLine(text) ? "\n" : "");
    }

    private static boolean endsLine(String text) {
        return text.endsWith("\n") || text.endsWith("\r");
    }

    private static String unbroken(String label) {
        return label.replace(' ', '\u00a0');
    }

    private String dim(String text) {
        return terminal.styled(text, Style.DIM);
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
