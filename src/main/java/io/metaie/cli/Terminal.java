package io.metaie.cli;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where a command reads and writes: results on {@link #out}, everything else on {@link #err}, both in UTF-8 whatever the
 * locale. Colours and progress appear on terminals only; {@code NO_COLOR} is obeyed.
 */
public final class Terminal {

    /** How a piece of text is shown, by the SGR codes of ECMA-48. */
    public enum Style {
        BOLD("1"),
        DIM("2"),
        UNDERLINE("4"),
        REVERSE("7"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        BLUE("34"),
        MAGENTA("35"),
        CYAN("36"),
        BRIGHT_RED("91"),
        BRIGHT_GREEN("92"),
        BRIGHT_YELLOW("93"),
        BRIGHT_BLUE("94"),
        BRIGHT_MAGENTA("95"),
        BRIGHT_CYAN("96");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /** Colours for things of which there are several kinds, told apart by name. */
    private static final Style[] KINDS = {Style.CYAN, Style.GREEN, Style.MAGENTA, Style.YELLOW, Style.BLUE, Style.RED};

    /** Set by the launcher to the descriptors (of 0, 1, 2) that are terminals: Java itself cannot tell them apart. */
    private static final String LAUNCHER_PROPERTY = "terminal.descriptors";

    /** Set by the launcher to the number of columns of the terminal that results go to. */
    private static final String WIDTH_PROPERTY = "terminal.columns";

    private static final int USUAL_WIDTH = 80;
    private static final int NARROWEST = 20;

    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int OUT_BUFFER = 1 << 16;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean inputIsTerminal;
    private final boolean colours;
    private final boolean progress;
    private final OptionalInt width;

    /**
     * No terminal at all for results.
     *
     * @param inputIsTerminal whether a person types at {@code in}
     * @param colours whether results on {@code out} may be coloured
     * @param progress whether progress may be drawn on {@code err}
     */
    public Terminal(InputStream in, PrintStream out, PrintStream err, boolean inputIsTerminal, boolean colours,
            boolean progress) {
        this(in, out, err, inputIsTerminal, colours, progress, OptionalInt.empty());
    }

    /**
     * @param inputIsTerminal whether a person types at {@code in}
     * @param colours whether results on {@code out} may be coloured
     * @param progress whether progress may be drawn on {@code err}
     * @param width the columns of the terminal that {@code out} is, if it is one
     */
    public Terminal(InputStream in, PrintStream out, PrintStream err, boolean inputIsTerminal, boolean colours,
            boolean progress, OptionalInt width) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.inputIsTerminal = inputIsTerminal;
        this.colours = colours;
        this.progress = progress;
        this.width = width;
    }

    /** The terminal, files or pipes this process was started with. */
    public static Terminal system() {
        boolean outIsTerminal = isTerminal(OUT);
        PrintStream out = new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER), outIsTerminal,
                StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        String noColour = System.getenv("NO_COLOR");
        boolean colours = outIsTerminal && (noColour == null || noColour.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
        OptionalInt width = outIsTerminal
                ? OptionalInt.of(Math.max(NARROWEST, Integer.getInteger(WIDTH_PROPERTY, USUAL_WIDTH)))
                : OptionalInt.empty();
        return new Terminal(System.in, out, err, isTerminal(IN), colours, isTerminal(ERR), width);
    }

    private static boolean isTerminal(int descriptor) {
        String known = System.getProperty(LAUNCHER_PROPERTY);
        if (known != null) {
            return known.indexOf('0' + descriptor) >= 0;
        }
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (java.io.IOException e) {
                return false;
            }
        }
        return System.console() != null;
    }

    public InputStream in() {
        return in;
    }

    /** Results. Buffered unless it is a terminal: flushed when the command ends. */
    public PrintStream out() {
        return out;
    }

    /** Messages and progress. */
    public PrintStream err() {
        return err;
    }

    public boolean inputIsTerminal() {
        return inputIsTerminal;
    }

    public boolean colours() {
        return colours;
    }

    /** The columns of the terminal that results go to; empty when they go to a file or another program. */
    public OptionalInt width() {
        return width;
    }

    /** The text in that style, or as it is where there are no colours. */
    public String styled(String text, Style... styles) {
        if (!colours || styles.length == 0) {
            return text;
        }
        StringBuilder sgr = new StringBuilder("\u001b[");
        for (int i = 0; i < styles.length; i++) {
            sgr.append(i == 0 ? "" : ";").append(styles[i].code);
        }
        return sgr.append('m').append(text).append("\u001b[0m").toString();
    }

    /** The text in a colour of its kind: the same kind always has the same one. */
    public String coloured(String text, String kind) {
        return styled(text, Style.BOLD, KINDS[Math.floorMod(kind.hashCode(), KINDS.length)]);
    }

    /**
     * Text of unknown origin made safe to show on one line: line ends and tabs become blanks, other control characters
     * are spelled out, so that no text can steer the terminal.
     */
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\r' || c == '\t') {
                safe.append(' ');
            } else if (Character.isISOControl(c) || isDirectionControl(c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean isDirectionControl(int c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }

    /** A message for the user. */
    public void message(String text) {
        err.println(text);
    }

    /**
     * Progress of something counted.
     *
     * @param unit what is counted, in the plural
     */
    public Progress progress(String unit) {
        return new Progress(unit);
    }

    /** A line on {@link #err} that says how far a command is and how fast; nothing where that is no terminal. */
    public final class Progress implements Closeable {

        private static final int WIDTH = 24;
        private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();

        private final String unit;
        private final long start = System.nanoTime();
        private long drawn = start;
        private long count;

        private Progress(String unit) {
            this.unit = unit;
        }

        /**
         * @param done how many so far
         * @param fraction the share of the whole that is done, 0 to 1; negative when the whole is not known
         */
        public void update(long done, double fraction) {
            update(done, fraction, "");
        }

        /** @param more what else there is to say */
        public void update(long done, double fraction, String more) {
            count = done;
            long now = System.nanoTime();
            if (progress && now - drawn >= REDRAW_NANOS) {
                drawn = now;
                err.print("\r\u001b[K" + line(fraction) + (more.isEmpty() ? "" : "  " + more));
                err.flush();
            }
        }

        /**
         * For what is not merely counted.
         *
         * @param fraction the share of the whole that is done, 0 to 1
         * @param text what there is to say
         */
        public void show(double fraction, String text) {
            long now = System.nanoTime();
            if (progress && now - drawn >= REDRAW_NANOS) {
                drawn = now;
                err.print("\r\u001b[K" + bar(fraction) + text);
                err.flush();
            }
        }

        private static String bar(double fraction) {
            double share = Math.min(1, fraction);
            int filled = (int) Math.round(share * WIDTH);
            return "█".repeat(filled) + "░".repeat(WIDTH - filled) + String.format(Locale.ROOT, " %3.0f %%  ", share * 100);
        }

        /** How many a second since the beginning. */
        public double rate() {
            return count / Math.max(1e-9, seconds());
        }

        public double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        /** Count and rate as a sentence. */
        public String summary() {
            return String.format(Locale.ROOT, "%,d %s in %.1f s (%,.0f/s)", count, unit, seconds(), rate());
        }

        private String line(double fraction) {
            String counted = String.format(Locale.ROOT, "%,d %s  %,.0f/s", count, unit, rate());
            if (fraction < 0) {
                return counted;
            }
            double share = Math.min(1, fraction);
            String left = share > 0 ? String.format(Locale.ROOT, "  %d s left",
                    Math.round(seconds() * (1 - share) / share)) : "";
            return bar(share) + counted + left;
        }

        /** Takes the line away. */
        @Override
        public void close() {
            if (progress) {
                err.print("\r\u001b[K");
                err.flush();
            }
        }
    }
}
