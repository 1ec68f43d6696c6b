package io.metaie.cli;

import io.metaie.cli.Terminal.Style;
import java.util.HashMap;
import java.util.Map;

/** Gives labels colours as they come, so that the first few all differ. A label keeps its colour. */
final class Palette {

    private static final Style[] COLOURS = {
        Style.CYAN, Style.MAGENTA, Style.GREEN, Style.YELLOW, Style.BLUE, Style.RED,
        Style.BRIGHT_CYAN, Style.BRIGHT_MAGENTA, Style.BRIGHT_GREEN, Style.BRIGHT_YELLOW, Style.BRIGHT_BLUE, Style.BRIGHT_RED
    };

    /** Publishers choose labels freely: what nobody can tell apart need not be remembered. */
    private static final int MOST = 1_000;

    private final Map<String, Style> styles = new HashMap<>();

    Style of(String label) {
        if (styles.size() >= MOST) {
            styles.clear();
        }
        return styles.computeIfAbsent(label, l -> COLOURS[styles.size() % COLOURS.length]);
    }
}
