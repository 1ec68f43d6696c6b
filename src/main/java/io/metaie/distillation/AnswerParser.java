package io.metaie.distillation;

import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the teacher's answer: a line is {@code <label>: <span>}, whatever bullets, numbers, emphasis, fences, quotes and
 * prose stand round it; an answer in JSON is read as meant. Nothing here throws, whatever the text.
 *
 * <p>The label ends at the first colon that white space or a mark follows, else at the first colon: times and addresses
 * stay whole. Labels that differ in case alone are taken as the first of them.
 */
public final class AnswerParser {

    /** A longer answer is read up to here: no prompt asks for so much. */
    static final int MAX_ANSWER = 1 << 16;
    private static final int MAX_PAIRS = LabelSet.MAX_LABELS;
    private static final int MAX_SPAN = 1_000;

    private static final Pattern LINE_END = Pattern.compile("\\R");
    private static final Pattern THOUGHTS = Pattern.compile("(?s)^\\s*+<think>.*?</think>");
    private static final Pattern REFUSAL = Pattern.compile("^\\W*+(?:i['’]?\\s?a?m (?:so )?(?:very )?sorry|sorry[,.!]|"
                    + "i (?:can(?:['’]?t|not| not)|could ?n['’]t|am (?:unable|not able)|won['’]t|will not|must decline)|"
                    + "i['’]m (?:unable|not able)|as an? (?:ai|language model|assistant)|i apologi[sz]e|unfortunately, i\\b)",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern NONE = Pattern.compile("^(?:none|nothing|n/?a|null|empty|-+|\\(none\\)|"
                    + "no (?:important |relevant |short |specific |such )*information\\b.*|"
                    + "there (?:is|are) (?:no|nothing)\\b.*|none (?:found|identified)\\b.*)[.!]?$",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> PLACEHOLDERS = Set.of("label", "span", "<label>", "<span>");

    private final List<Pair> pairs = new ArrayList<>();
    private final Map<String, String> spelling = new LinkedHashMap<>();
    private final Drops drops = new Drops();
    private boolean none;

    private AnswerParser() {}

    /**
     * Reads an answer.
     *
     * @param cut whether it ended at its greatest length: its last line is then half of one
     */
    public static ParsedAnswer parse(String answer, boolean cut) {
        return new AnswerParser().read(answer, cut);
    }

    private ParsedAnswer read(String answer, boolean cut) {
        String text = withoutThoughts(answer);
        boolean half = cut;
        if (text.length() > MAX_ANSWER) {
            text = text.substring(0, MAX_ANSWER);
            half = true;
        }
        List<String> lines = lines(text, half);
        Optional<AnswerJson> json = AnswerJson.find(lines);
        if (json.isPresent()) {
            json(json.get());
        } else {
            lines.forEach(this::line);
        }
        boolean refusal = REFUSAL.matcher(text.stripLeading()).find();
        return new ParsedAnswer(pairs, none && pairs.isEmpty(), refusal, drops.counts());
    }

    private static String withoutThoughts(String answer) {
        if (!answer.stripLeading().startsWith("<think>")) {
            return answer;
        }
        Matcher thoughts = THOUGHTS.matcher(answer);
        return thoughts.find() ? answer.substring(thoughts.end()) : ""; // cut while it was still thinking
    }

    private List<String> lines(String text, boolean half) {
        List<String> lines = new ArrayList<>(List.of(LINE_END.split(text, -1)));
        boolean json = lines.stream().anyMatch(AnswerJson::begins);
        if (half && !json) {
            String last = lines.remove(lines.size() - 1);
            if (!last.isBlank()) {
                drops.count(Drop.CUT);
            }
        }
        lines.removeIf(line -> line.isBlank() || Markup.isFence(line));
        return lines;
    }

    private void json(AnswerJson json) {
        json.stated().forEach(stated -> add(stated.label(), stated.span()));
        json.lines().forEach(this::line);
        for (int i = 0; i < json.unreadable(); i++) {
            drops.count(Drop.MALFORMED);
        }
        none |= json.isEmpty();
    }

    private void line(String line) {
        String content = Markup.withoutListMarks(line);
        int colon = colon(content);
        if (colon < 0) {
            none |= NONE.matcher(Markup.unwrapped(content)).matches();
        } else {
            add(content.substring(0, colon), content.substring(colon + 1));
        }
    }

    private static int colon(String line) {
        int first = -1;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ':' || c == '：') {
                if (i + 1 == line.length() || isBoundary(line.charAt(i + 1))) {
                    return i;
                }
                first = first < 0 ? i : first;
            }
        }
        return first;
    }

    private static boolean isBoundary(char next) {
        return Character.isWhitespace(next) || "*_`\"'“‘«".indexOf(next) >= 0;
    }

    private void add(String writtenLabel, String writtenSpan) {
        String label = Label.named(Markup.unwrapped(writtenLabel)).name();
        String span = writtenSpan.strip();
        String bare = Markup.unwrapped(span);
        Optional<Drop> fault = fault(label, bare);
        if (fault.isPresent()) {
            drops.count(fault.get());
            none |= fault.get() == Drop.NO_SPAN && !bare.isEmpty();
            return;
        }
        String spelled = spelling.computeIfAbsent(label.toLowerCase(Locale.ROOT), first -> label);
        pairs.add(new Pair(spelled, List.copyOf(new LinkedHashSet<>(List.of(span, bare)))));
    }

    private Optional<Drop> fault(String label, String span) {
        if (PLACEHOLDERS.contains(label.toLowerCase(Locale.ROOT))) {
            return Optional.of(Drop.PLACEHOLDER);
        }
        // A refusal with a colon in it is no label either.
        if (label.codePoints().noneMatch(Character::isLetterOrDigit) || !isWellFormed(label) || REFUSAL.matcher(label).find()) {
            return Optional.of(Drop.NO_LABEL);
        }
        if (label.codePointCount(0, label.length()) > LabelSet.MAX_NAME) {
            return Optional.of(Drop.LABEL_TOO_LONG);
        }
        if (span.isEmpty() || NONE.matcher(span).matches()) {
            return Optional.of(Drop.NO_SPAN);
        }
        if (span.length() > MAX_SPAN) {
            return Optional.of(Drop.SPAN_TOO_LONG);
        }
        return pairs.size() >= MAX_PAIRS ? Optional.of(Drop.TOO_MANY) : Optional.empty();
    }

    /** Whether it can be written as UTF-8: half a surrogate pair cannot. */
    private static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
