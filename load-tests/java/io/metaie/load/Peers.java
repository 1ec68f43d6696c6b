package io.metaie.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.tagging.EncodedWords;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a user would otherwise run, and this service, in one run on the same machine: the same checkpoint, sentences and
 * labels, every peer with both cores, in turn, medians of the rounds. Peers answer as many sentences of the corpus a turn
 * as take them about {@link #TURN_SECONDS}; since these differ in length, the work is counted in tokens and written as
 * sentences of the corpus' mean length. Ours are the bare engine (documents' bytes to extractions' bytes) and the whole
 * service through Kafka, broker and all on the same cores.
 *
 * <p>{@code load-tests/run Peers PYTHON [ROUNDS] [LABELS,…]}; PYTHON has what {@code load-tests/peers/requirements.txt}
 * says. The graph that PyTorch exports is kept in {@code target/peers}.
 */
public final class Peers {

    private static final double TURN_SECONDS = 5;
    private static final int SENTENCES = 3_000;
    private static final int WARM_ROUNDS = 5;
    private static final Path MODEL = Path.of("models", "metaie-mini");
    private static final Path DIRECTORY = Path.of("target", "peers");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String cores = String.valueOf(Runtime.getRuntime().availableProcessors());
    private final Path corpus = DIRECTORY.resolve("corpus.json");
    /** Tokens of each sentence's words. */
    private final int[] tokens = new int[SENTENCES];
    private final int[] labelTokens = new int[Texts.LABELS.size()];
    private final List<String> texts = new ArrayList<>();

    /** Something that answers the first sentences of the corpus, some labels each, and says how many seconds it took. */
    private interface Peer {
        double seconds(int sentences, int labels) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println("usage: load-tests/run Peers PYTHON [ROUNDS] [LABELS,...]");
            System.exit(2);
        }
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        List<Integer> counts = new ArrayList<>();
        for (String count : (args.length > 2 ? args[2] : "1,3,8,20").split(",")) {
            counts.add(Integer.parseInt(count));
        }
        System.out.println(Machine.describe());
        new Peers().run(args[0], rounds, counts);
    }

    private Peers() throws IOException, CheckpointException {
        Files.createDirectories(DIRECTORY);
        ObjectNode json = JSON.createObjectNode();
        ArrayNode sentences = json.putArray("sentences");
        try (Vocabulary vocabulary = Vocabulary.open(Checkpoint.open(MODEL))) {
            List<String> all = Texts.sentences(SENTENCES);
            for (int i = 0; i < SENTENCES; i++) {
                String sentence = all.get(i);
                List<Word> words = Words.split(sentence);
                ArrayNode node = sentences.addArray();
                List<String> plain = words.stream().map(word -> sentence.substring(word.start(), word.end())).toList();
                plain.forEach(node::add);
                texts.add(String.join(" ", plain));
                tokens[i] = EncodedWords.of(sentence, words, vocabulary).tokens();
            }
            ArrayNode labels = json.putArray("labels");
            for (int i = 0; i < labelTokens.length; i++) {
                labels.add(Texts.LABELS.get(i));
                labelTokens[i] = EncodedWords.of((Texts.LABELS.get(i) + " :").split(" "), vocabulary).tokens();
            }
        }
        JSON.writeValue(corpus.toFile(), json);
    }

    private void run(String python, int rounds, List<Integer> counts) throws Exception {
        String scripts = "load-tests/peers/";
        String model = MODEL.toString();
        String cache = DIRECTORY.toString();
        Map<String, Peer> peers = new LinkedHashMap<>();
        try (WholeEngine engine = new WholeEngine(); Service service = Service.start()) {
            peers.put("the paper's loop: transformers, one query at a time", child(python, scripts + "paper_loop.py", model));
            peers.put("transformers, sorted batches of 32, fp32",
                    child(python, scripts + "transformers_batched.py", model, "fp32"));
            peers.put("transformers, sorted batches of 32, bf16",
                    child(python, scripts + "transformers_batched.py", model, "bf16"));
            peers.put("ONNX Runtime in Python, sorted batches of 32, fp32",
                    child(python, scripts + "onnxruntime_batched.py", model, "fp32", cache));
            peers.put("ONNX Runtime in Python, sorted batches of 32, dynamic int8",
                    child(python, scripts + "onnxruntime_batched.py", model, "int8", cache));
            peers.put("DJL's ONNX Runtime engine, sorted batches of 32, fp32", child(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), DjlPeer.class.getName(), model,
                    DIRECTORY.resolve("fp32.onnx").toString(), cores));
            peers.put("this project, bare engine", (sentences, labels) ->
                    sentences / engine.run(documents(sentences, labels)));
            peers.put("this project, service through Kafka", (sentences, labels) ->
                    sentences / Throughput.drain(service, documents(sentences, labels)));
            for (int round = 0; round < WARM_ROUNDS; round++) { // Python has nothing to compile
                engine.run(documents(SENTENCES, 4));
                Throughput.drain(service, documents(SENTENCES, 4));
            }
            for (int count : counts) {
                measure(peers, count, rounds);
            }
        }
    }

    private void measure(Map<String, Peer> peers, int labels, int rounds) throws Exception {
        Map<String, Integer> turns = new LinkedHashMap<>();
        for (Map.Entry<String, Peer> peer : peers.entrySet()) {
            int trial = Math.max(4, 160 / labels);
            double seconds = peer.getValue().seconds(trial, labels);
            turns.put(peer.getKey(), (int) Math.max(4, Math.min(SENTENCES, trial / seconds * TURN_SECONDS)));
        }
        Map<String, double[]> rates = new LinkedHashMap<>();
        peers.keySet().forEach(name -> rates.put(name, new double[rounds]));
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, Peer> peer : peers.entrySet()) {
                int sentences = turns.get(peer.getKey());
                double seconds = peer.getValue().seconds(sentences, labels);
                rates.get(peer.getKey())[round] = work(sentences, labels) / seconds / (work(SENTENCES, labels) / SENTENCES);
            }
        }
        double loop = Machine.median(rates.values().iterator().next());
        System.out.printf(Locale.ROOT, "%n%d label%s a sentence, %d rounds:%n%n", labels, labels == 1 ? "" : "s", rounds);
        System.out.println("| what | sentences/s | least to most | times the paper's loop |");
        System.out.println("| --- | --- | --- | --- |");
        rates.forEach((name, all) -> {
            double median = Machine.median(all);
            double[] sorted = all.clone();
            Arrays.sort(sorted);
            System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f to %.1f | %.1f |%n", name, median, sorted[0],
                    sorted[sorted.length - 1], median / loop);
        });
    }

    /** Tokens of all queries: begin and end, label, words. */
    private double work(int sentences, int labels) {
        double work = 0;
        for (int s = 0; s < sentences; s++) {
            for (int l = 0; l < labels; l++) {
                work += 2 + labelTokens[l] + tokens[s];
            }
        }
        return work;
    }

    private List<String> documents(int sentences, int labels) {
        List<String> documents = new ArrayList<>(sentences);
        for (int i = 0; i < sentences; i++) {
            documents.add(Texts.document(i, texts.get(i), Texts.LABELS.subList(0, labels)));
        }
        return documents;
    }

    /** A peer in a process of its own; the corpus follows its program and model. */
    private Peer child(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        command.add(command.indexOf(MODEL.toString()) + 1, corpus.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(DIRECTORY.toFile(), "peers.log")))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        OutputStream in = process.getOutputStream();
        expect(out, command, "ready");
        return (sentences, labels) -> {
            in.write((sentences + " " + labels + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            JsonNode answer = JSON.readTree(expect(out, command, "{"));
            return answer.get("seconds").doubleValue();
        };
    }

    /** The next line that begins so; libraries may write others. */
    private static String expect(BufferedReader out, List<String> command, String start) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new IOException("ended, see target/peers/peers.log: " + String.join(" ", command));
    }
}
