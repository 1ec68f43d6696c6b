package io.metaie.distillation;

import java.util.regex.Pattern;

/** What language models write round the words that matter: fences, bullets, numbers, emphasis, quotes, brackets. */
final class Markup {

    /** A bullet or a number; {@code **} begins emphasis, and in {@code 1.5} the point is no list's. */
    private static final Pattern LIST_MARK =
            Pattern.compile("^\\s*+(?:[-+•‣▪●·–—>]\\s*+|\\*\\s++|\\(?+\\d{1,3}[.)]\\s*+(?=\\D|$)|\\(?+[a-zA-Z][.)]\\s++)");
    private static final Pattern FENCE = Pattern.compile("^\\s*+(?:```|~~~)");
    private static final String OPEN = "\"'“‘«<[(„`";
    private static final String CLOSE = "\"'”’»>])“`";
    private static final String EMPHASIS = "*_`";

    private Markup() {}

    static boolean isFence(String line) {
        return FENCE.matcher(line).find();
    }

    /** A line without the bullets and numbers before it. */
    static String withoutListMarks(String line) {
        String rest = line;
        while (true) {
            String next = LIST_MARK.matcher(rest).replaceFirst("");
            if (next.length() == rest.length()) {
                return rest.strip();
            }
            rest = next;
        }
    }

    /** A text without what encloses it, in time linear in its length. */
    static String unwrapped(String text) {
        int start = 0;
        int end = text.length();
        while (true) {
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (start < end && EMPHASIS.indexOf(text.charAt(start)) >= 0) {
                start++;
            } else if (start < end && EMPHASIS.indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            } else if (end - start >= 2 && encloses(text.charAt(start), text.charAt(end - 1))) {
                start++;
                end--;
            } else {
                return text.substring(start, end);
            }
        }
    }

    private static boolean encloses(char first, char last) {
        int kind = OPEN.indexOf(first);
        return kind >= 0 && CLOSE.charAt(kind) == last;
    }
}
