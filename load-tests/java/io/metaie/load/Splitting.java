package io.metaie.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import io.metaie.dataset.ExampleReader;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.text.CodePoints;
import io.metaie.text.Sentences;
import io.metaie.text.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Figures of words and sentences: agreement with gold spans and gold boundaries, speed, linear time. */
public final class Splitting {

    private static final Path DATA = Path.of("load-tests", "data");
    private static final int WARM_UP = 8;
    private static final int ROUNDS = 9;

    /** Gold sentence boundaries found. */
    private static final class Boundaries {
        private int right;
        private int found;
        private int gold;

        void add(Set<Integer> goldStarts, Set<Integer> foundStarts) {
            gold += goldStarts.size();
            found += foundStarts.size();
            right += (int) foundStarts.stream().filter(goldStarts::contains).count();
        }

        String row(String name) {
            double precision = 100.0 * right / found;
            double recall = 100.0 * right / gold;
            return String.format("| %s | %.2f | %.2f | %.2f |", name, precision, recall,
                    2 * precision * recall / (precision + recall));
        }
    }

    private Splitting() {}

    public static void main(String... args) throws IOException {
        System.out.println(Machine.describe() + "\n");
        goldSpans();
        sentenceBoundaries();
        speed();
        endlessWords();
    }

    private static void goldSpans() throws IOException {
        System.out.println("Gold spans that begin and end on word boundaries, and those that a sentence boundary cuts"
                + " (each record is one sentence):\n");
        System.out.println("| file | sentences | gold spans | on word boundaries | cut | cut by ICU alone |\n"
                + "| --- | --- | --- | --- | --- | --- |");
        for (String set : List.of("bc5cdr.test", "bc5cdr.train", "crossner_ai.test", "crossner_ai.train", "jnlpba.test",
                "phee.test", "phee.train", "propbank_ewt.test", "wnut17.test", "wnut17.train")) {
            goldSpans(set, DATA.resolve("eval").resolve(set + ".jsonl.zst"));
        }
        goldSpans("distilled", Path.of("models", "data", "distilled.jsonl.zst"));
        System.out.println();
    }

    private static void goldSpans(String name, Path file) throws IOException {
        int sentences = 0;
        int spans = 0;
        int reachable = 0;
        int cut = 0;
        int cutByIcu = 0;
        try (TextFile text = TextFiles.open(file)) {
            ExampleReader examples = new ExampleReader(file.toString(), text.content(), Optional.empty());
            while (examples.hasNext()) {
                Example example = examples.next();
                Set<Integer> starts = new HashSet<>();
                Set<Integer> ends = new HashSet<>();
                Words.split(example.text()).forEach(word -> {
                    starts.add(word.start());
                    ends.add(word.end());
                });
                TreeSet<Integer> own = sentenceStarts(example.text());
                TreeSet<Integer> icu = icuStarts(example.text());
                sentences++;
                for (LabelledSpan span : example.spans()) {
                    spans++;
                    reachable += starts.contains(span.start()) && ends.contains(span.end()) ? 1 : 0;
                    cut += isCut(span, own) ? 1 : 0;
                    cutByIcu += isCut(span, icu) ? 1 : 0;
                }
            }
        }
        System.out.printf("| %s | %,d | %,d | %.2f %% | %d | %d |%n", name, sentences, spans, 100.0 * reachable / spans, cut,
                cutByIcu);
    }

    private static boolean isCut(LabelledSpan span, TreeSet<Integer> starts) {
        Integer next = starts.higher(span.start());
        return next != null && next < span.end();
    }

    private static void sentenceBoundaries() throws IOException {
        Boundaries own = new Boundaries();
        Boundaries icu = new Boundaries();
        ObjectMapper json = new ObjectMapper();
        for (String line : lines(DATA.resolve("ud-ewt-sentences.jsonl.zst"))) {
            JsonNode record = json.readTree(line);
            String text = record.get("text").textValue();
            CodePoints codePoints = CodePoints.of(text);
            TreeSet<Integer> gold = new TreeSet<>();
            record.get("sentences").forEach(sentence -> gold.add(codePoints.utf16(sentence.get(0).intValue())));
            gold.pollFirst();
            own.add(gold, sentenceStarts(text));
            icu.add(gold, icuStarts(text));
        }
        System.out.printf("Sentence boundaries inside the paragraphs of UD-EWT (%,d gold, all on one line):%n%n", own.gold);
        System.out.println("| splitter | precision | recall | F1 |\n| --- | --- | --- | --- |");
        System.out.println(own.row("this project"));
        System.out.println(icu.row("ICU4J alone"));
        System.out.println();
    }

    /** Where sentences begin, but for the first. */
    private static TreeSet<Integer> sentenceStarts(String text) {
        TreeSet<Integer> starts = new TreeSet<>();
        Sentences.split(text).forEach(sentence -> starts.add(sentence.start()));
        starts.pollFirst();
        return starts;
    }

    private static TreeSet<Integer> icuStarts(String text) {
        BreakIterator icu = BreakIterator.getSentenceInstance(ULocale.ENGLISH);
        icu.setText(text);
        TreeSet<Integer> starts = new TreeSet<>();
        for (int i = icu.next(); i != BreakIterator.DONE && i < text.length(); i = icu.next()) {
            starts.add(i);
        }
        return starts;
    }

    private static void speed() throws IOException {
        List<String> paragraphs = lines(DATA.resolve("wiki.txt.xz"));
        double megabytes = paragraphs.stream().mapToInt(p -> p.getBytes(StandardCharsets.UTF_8).length).sum() / 1e6;
        System.out.printf("Speed in processor time, %.1f MB of Wikipedia, median of %d rounds:%n%n", megabytes, ROUNDS);
        System.out.println("| what | MB/s |\n| --- | --- |");
        System.out.printf("| words | %.0f |%n", megabytes / median(paragraphs, text -> Words.split(text).size()));
        System.out.printf("| sentences with their words | %.0f |%n",
                megabytes / median(paragraphs, text -> Sentences.split(text).size()));
        BreakIterator icu = BreakIterator.getSentenceInstance(ULocale.ENGLISH);
        System.out.printf("| ICU4J's sentences alone | %.0f |%n", megabytes / median(paragraphs, text -> {
            icu.setText(text);
            int sentences = 0;
            while (icu.next() != BreakIterator.DONE) {
                sentences++;
            }
            return sentences;
        }));
        System.out.println();
    }

    /** Processor time of this thread: others on the machine do not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double median(List<String> texts, ToIntFunction<String> splitter) {
        double[] seconds = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = cpuNanos();
            if (texts.stream().mapToInt(splitter).sum() == 0) {
                throw new IllegalStateException("nothing was found");
            }
            if (round >= 0) {
                seconds[round] = (cpuNanos() - start) / 1e9;
            }
        }
        return Machine.median(seconds);
    }

    private static void endlessWords() {
        System.out.println("Milliseconds of processor time for sentences and words of endless words (the fastest of five runs):\n");
        System.out.println("| part repeated | 0.5 M characters | 1 M | 2 M |\n| --- | --- | --- | --- |");
        Function<String, String> shown = part -> part.replace("\n", "\\n");
        for (String part : List.of("a", "-", "aB3+/", "%F0%9F%9A%80", "×", "e\u0301", "👩‍", "漢字", "ก", "A. ", "! ", "a\n")) {
            System.out.printf("| `%s` | %d | %d | %d |%n", shown.apply(part), millis(part, 500_000), millis(part, 1_000_000),
                    millis(part, 2_000_000));
        }
    }

    private static long millis(String part, int length) {
        String text = part.repeat(length / part.length());
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long start = cpuNanos();
            Sentences.split(text);
            best = Math.min(best, cpuNanos() - start);
        }
        return Math.round(best / 1e6);
    }

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (TextFile text = TextFiles.open(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(text.content(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
