package io.metaie.label;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to look for: an entity type, a relation's tail, an event's argument, an opinion.
 *
 * @param name as the answer names it, white space trimmed and collapsed
 * @param of the name of the label whose spans this one is asked about, one query a span; empty for a label that is
 *     asked of the sentence itself
 * @param prompt what the model reads in front of the colon; {@value #SPAN} stands for the head span's text
 */
public record Label(String name, Optional<String> of, String prompt) {

    /** The place of the head span's text in a prompt. */
    public static final String SPAN = "{span}";

    // Unicode white space, as Python's str.split() has it: the model was trained with labels split that way.
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}\\x1c-\\x1f\\x85]+");

    public Label {
        name = collapse(name);
        of = of.map(Label::collapse);
        prompt = collapse(prompt);
    }

    /** A label asked of the sentence itself; the name is the prompt. */
    public static Label named(String name) {
        return new Label(name, Optional.empty(), name);
    }

    /** A label asked about each span of another, with the default prompt {@code {span} <name>}. */
    public static Label of(String name, String head) {
        return new Label(name, Optional.of(head), SPAN + " " + name);
    }

    /** What the model reads about one head span. The head's text is literal, whatever it holds. */
    public String promptFor(String head) {
        return prompt.replace(SPAN, head);
    }

    /** The words of a prompt: split at white space only, as in training. */
    public static String[] words(String prompt) {
        String collapsed = collapse(prompt);
        return collapsed.isEmpty() ? new String[0] : collapsed.split(" ");
    }

    private static String collapse(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip();
    }

    @Override
    public String toString() {
        return of.map(head -> name + " (of " + head + ")").orElse(name);
    }
}
