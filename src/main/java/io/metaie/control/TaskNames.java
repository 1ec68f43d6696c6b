package io.metaie.control;

import java.util.Optional;

/** How tasks may be called. */
final class TaskNames {

    private static final int MAX = 128;

    private TaskNames() {}

    /** What is wrong with a name, if anything: the end of a sentence that begins with its field. */
    static Optional<String> fault(String name) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX) {
            return Optional.of("must have 1 to " + MAX + " characters, not " + length);
        }
        if (name.codePoints().anyMatch(c -> Character.getType(c) == Character.CONTROL)) {
            return Optional.of("holds a control character");
        }
        if (!isWellFormed(name)) {
            return Optional.of("holds a lone surrogate");
        }
        // In a path these mean this folder and the one above, also when they are escaped.
        return name.equals(".") || name.equals("..") ? Optional.of("cannot be . or ..") : Optional.empty();
    }

    /** Whether it can be written as UTF-8 and read again. */
    static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
