package io.metaie.load;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A peer in Java: DJL's ONNX Runtime engine with its own tokenizer, batch encoding and padding, on the graph that PyTorch
 * exports; queries sorted by length, batches of 32. Speaks the protocol of {@code load-tests/peers/peer.py}.
 *
 * <p>Arguments: model directory, corpus, the exported graph, threads.
 */
public final class DjlPeer {

    private static final int BATCH = 32;

    private DjlPeer() {}

    public static void main(String[] args) throws Exception {
        JsonNode corpus = new ObjectMapper().readTree(new File(args[1]));
        int b = new ObjectMapper().readTree(new File(args[0], "config.json")).get("label2id").get("B").intValue();
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                .optTokenizerPath(Path.of(args[0], "tokenizer.json"))
                .optPadding(true)
                .optTruncation(true)
                .optMaxLength(512)
                .build();
        Criteria<String[], Integer> criteria = Criteria.builder()
                .setTypes(String[].class, Integer.class)
                .optEngine("OnnxRuntime")
                .optModelPath(Path.of(args[2]))
                .optOption("intraOpNumThreads", args[3])
                .optTranslator(new Tags(tokenizer, b))
                .build();
        try (ZooModel<String[], Integer> model = criteria.loadModel();
                Predictor<String[], Integer> predictor = model.newPredictor()) {
            answer(predictor, corpus, 8, 4);
            System.out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] asked = line.split(" ");
                long start = System.nanoTime();
                int spans = answer(predictor, corpus, Integer.parseInt(asked[0]), Integer.parseInt(asked[1]));
                System.out.printf(Locale.ROOT, "{\"seconds\":%.4f,\"spans\":%d}%n",
                        (System.nanoTime() - start) / 1e9, spans);
            }
        }
    }

    private static int answer(Predictor<String[], Integer> predictor, JsonNode corpus, int sentences, int labels)
            throws Exception {
        List<String> queries = new ArrayList<>(sentences * labels);
        for (int s = 0; s < sentences; s++) {
            List<String> words = new ArrayList<>();
            corpus.get("sentences").get(s).forEach(word -> words.add(word.textValue()));
            for (int l = 0; l < labels; l++) {
                queries.add(corpus.get("labels").get(l).textValue() + " : " + String.join(" ", words));
            }
        }
        queries.sort(Comparator.comparingInt(String::length));
        int spans = 0;
        for (int at = 0; at < queries.size(); at += BATCH) {
            spans += predictor.predict(queries.subList(at, Math.min(queries.size(), at + BATCH)).toArray(new String[0]));
        }
        return spans;
    }

    /** A batch of texts to the number of spans in it: tags of the first token of each word. */
    private record Tags(HuggingFaceTokenizer tokenizer, int b) implements NoBatchifyTranslator<String[], Integer> {

        private static final String ENCODINGS = "encodings";
        private static final int LABELS = 3;

        @Override
        public NDList processInput(TranslatorContext context, String[] texts) {
            Encoding[] encodings = tokenizer.batchEncode(texts);
            context.setAttachment(ENCODINGS, encodings);
            long[][] ids = new long[encodings.length][];
            long[][] mask = new long[encodings.length][];
            for (int i = 0; i < encodings.length; i++) {
                ids[i] = encodings[i].getIds();
                mask[i] = encodings[i].getAttentionMask();
            }
            return new NDList(context.getNDManager().create(ids), context.getNDManager().create(mask));
        }

        @Override
        public Integer processOutput(TranslatorContext context, NDList list) {
            Encoding[] encodings = (Encoding[]) context.getAttachment(ENCODINGS);
            float[] logits = list.singletonOrThrow().toFloatArray();
            int longest = encodings[0].getIds().length;
            int spans = 0;
            for (int row = 0; row < encodings.length; row++) {
                long before = -1;
                long[] words = encodings[row].getWordIds();
                for (int at = 0; at < longest; at++) {
                    if (words[at] >= 0 && words[at] != before) {
                        before = words[at];
                        spans += best(logits, (row * longest + at) * LABELS) == b ? 1 : 0;
                    }
                }
            }
            return spans;
        }

        private static int best(float[] logits, int from) {
            int best = 0;
            for (int i = 1; i < LABELS; i++) {
                best = logits[from + i] > logits[from + best] ? i : best;
            }
            return best;
        }
    }
}
