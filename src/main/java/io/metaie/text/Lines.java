package io.metaie.text;

import java.util.Set;

/**
 * Tells the line ends that end a sentence (of a heading, a list item, an address) from those that an editor or a mail
 * program put into running text when a line was full.
 */
final class Lines {

    /** Programs that wrap lines do it at 65 columns and more; lines much shorter than that were ended on purpose. */
    private static final int SHORTEST_WRAPPED = 40;
    private static final int LONGEST_WRAPPED = 160;

    /** Words that end a line only if the sentence goes on. */
    private static final Set<String> OPEN_ENDED = Set.of("a", "an", "the", "of", "and", "or", "but", "to", "in", "on",
            "at", "by", "for", "from", "with", "as", "than", "that", "which", "who", "whose", "is", "are", "was",
            "were", "be", "been", "has", "have", "had", "his", "her", "its", "their", "my", "our", "your", "this",
            "these", "those", "into", "between", "through", "during", "if", "when", "while", "because", "not", "will",
            "would", "can", "could", "should", "may", "might", "must", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.");

    private final String text;
    private final char[] unwrapped;

    private Lines(String text) {
        this.text = text;
        this.unwrapped = text.toCharArray();
    }

    /**
     * The text, unit for unit, but with a blank for every unit of a line end inside a sentence, and a line feed for
     * every unit of any other line end.
     */
    static String unwrap(String text) {
        int first = 0;
        while (first < text.length() && !isLineEnd(text.charAt(first))) {
            first++;
        }
        return first == text.length() ? text : new Lines(text).unwrapBlocks();
    }

    private String unwrapBlocks() {
        for (int at = 0; at < text.length(); ) {
            Line line = lineAt(at);
            at = line.blank() ? behindLineEnd(line) : unwrapBlock(line);
        }
        return new String(unwrapped);
    }

    /** Judges the line ends of lines without a blank one between them, and returns what stands behind them. */
    private int unwrapBlock(Line first) {
        int width = 0;
        Line last = first;
        for (Line line = first; !line.blank(); line = lineAt(line.next())) {
            width = line.width() > LONGEST_WRAPPED ? width : Math.max(width, line.width());
            last = line;
            if (line.next() == text.length()) {
                break;
            }
        }
        boolean wrapped = isWrapped(first, last, width);
        for (Line line = first; line.start != last.start; ) {
            Line next = lineAt(line.next());
            boolean joined = isJoined(line, next, width, wrapped);
            for (int i = line.end; i < line.next(); i++) {
                unwrapped[i] = joined ? ' ' : '\n';
            }
            line = next;
        }
        return behindLineEnd(last);
    }

    /** Whether the lines of a block are full: at least three, and two thirds of all but the last. */
    private boolean isWrapped(Line first, Line last, int width) {
        int lines = 0;
        int full = 0;
        for (Line line = first; line.start != last.start; ) {
            Line next = lineAt(line.next());
            lines++;
            full += isFull(line, next, width) ? 1 : 0;
            line = next;
        }
        return full >= 3 && full * 3 >= lines * 2;
    }

    /** Whether the first word of the next line found no room on this one. */
    private boolean isFull(Line line, Line next, int width) {
        return line.mayBeFull() && line.width() + 1 + next.firstWordLength() > width;
    }

    private boolean isJoined(Line line, Line next, int width, boolean wrapped) {
        if (!line.mayBeFull() || line.isHeading() || next.isItem()) {
            return false;
        }
        return Character.isLowerCase(text.codePointAt(next.from)) || line.isOpenEnded()
                || wrapped && isFull(line, next, width) && text.charAt(line.to - 1) != ':';
    }

    private int behindLineEnd(Line line) {
        for (int i = line.end; i < line.next(); i++) {
            unwrapped[i] = '\n';
        }
        return line.next();
    }

    private Line lineAt(int start) {
        int end = start;
        while (end < text.length() && !isLineEnd(text.charAt(end))) {
            end++;
        }
        return new Line(start, end);
    }

    private static boolean isLineEnd(char c) {
        return c <= '\r' && c >= '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isBlank(char c) {
        return c <= ' ' || Character.isSpaceChar(c);
    }

    /** A line from {@code start} to its line end, and from {@code from} to {@code to} without white space around. */
    private final class Line {

        final int start;
        final int end;
        final int from;
        final int to;

        Line(int start, int end) {
            int left = start;
            int right = end;
            while (left < right && isBlank(text.charAt(left))) {
                left++;
            }
            while (right > left && isBlank(text.charAt(right - 1))) {
                right--;
            }
            this.start = start;
            this.end = end;
            this.from = left;
            this.to = right;
        }

        boolean blank() {
            return from == to;
        }

        int width() {
            return to - start;
        }

        boolean mayBeFull() {
            return width() >= SHORTEST_WRAPPED && width() <= LONGEST_WRAPPED;
        }

        int next() {
            boolean pair = end + 1 < text.length() && text.charAt(end) == '\r' && text.charAt(end + 1) == '\n';
            return Math.min(text.length(), pair ? end + 2 : end + 1);
        }

        int firstWordLength() {
            int i = from;
            while (i < to && !isBlank(text.charAt(i))) {
                i++;
            }
            return i - from;
        }

        boolean isHeading() {
            return text.charAt(from) == '#';
        }

        /** Begins with a bullet, a number or letter of a list, a quotation mark of mails, a table's border. */
        boolean isItem() {
            if ("-*+•‣◦▪·–—#>|=".indexOf(text.charAt(from)) >= 0) {
                return true;
            }
            int i = text.charAt(from) == '(' ? from + 1 : from;
            int begin = i;
            while (i < to && i - begin < 3 && Character.isDigit(text.charAt(i))) {
                i++;
            }
            if (i == begin && i < to && Character.isLetter(text.charAt(i))) {
                i++;
            }
            return i > begin && i + 1 < to && ".)".indexOf(text.charAt(i)) >= 0 && isBlank(text.charAt(i + 1));
        }

        boolean isOpenEnded() {
            char last = text.charAt(to - 1);
            if (last == ',') {
                return true;
            }
            int i = to;
            while (i > from && to - i < 10 && !isBlank(text.charAt(i - 1))) {
                i--;
            }
            return OPEN_ENDED.contains(text.substring(i, to));
        }
    }
}
