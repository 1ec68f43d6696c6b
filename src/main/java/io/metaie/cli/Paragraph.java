package io.metaie.cli;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.util.function.UnaryOperator;

/** Text of many styles, indented and broken into lines between its words. Its own line ends are kept. */
final class Paragraph {

    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder blanks = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private final String indent;
    private final int width;
    private int lineWidth;
    private int blanksWidth;
    private int wordWidth;

    /** @param width columns to keep to, the indent included */
    Paragraph(String indent, int width) {
        this.indent = indent;
        this.width = width - indent.length();
    }

    /** Appends text that is safe to show, all in one style. */
    Paragraph add(String text, UnaryOperator<String> style) {
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (i < text.length() && c != ' ' && c != '\n') {
                continue;
            }
            if (i > from) {
                String part = text.substring(from, i);
                word.append(style.apply(part));
                wordWidth += columns(part);
            }
            from = i + 1;
            if (i == text.length()) {
                break;
            }
            endWord();
            if (c == '\n') {
                endLine();
            } else {
                blanks.append(style.apply(" "));
                blanksWidth++;
            }
        }
        return this;
    }

    private void endWord() {
        if (wordWidth == 0) {
            return;
        }
        boolean fits = lineWidth + blanksWidth + wordWidth <= width;
        if (lineWidth > 0 && !fits) {
            lines.append('\n');
            lineWidth = 0;
            blanks.setLength(0);
            blanksWidth = 0;
        }
        if (lineWidth == 0) {
            lines.append(indent);
        }
        lines.append(blanks).append(word);
        lineWidth += blanksWidth + wordWidth;
        blanks.setLength(0);
        blanksWidth = 0;
        word.setLength(0);
        wordWidth = 0;
    }

    private void endLine() {
        lines.append('\n');
        lineWidth = 0;
        blanks.setLength(0);
        blanksWidth = 0;
    }

    /** The whole, ended by a line end. */
    String end() {
        endWord();
        endLine();
        return lines.toString();
    }

    /** How many columns a terminal gives a text. */
    static int columns(String text) {
        return text.codePoints().map(Paragraph::columns).sum();
    }

    private static int columns(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        int breadth = UCharacter.getIntPropertyValue(codePoint, UProperty.EAST_ASIAN_WIDTH);
        return breadth == UCharacter.EastAsianWidth.WIDE || breadth == UCharacter.EastAsianWidth.FULLWIDTH ? 2 : 1;
    }
}
