package io.metaie.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.tagging.Query;
import io.metaie.tagging.WordEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** What Hugging Face transformers say of three checkpoints: labels and words, their ids, the logits. */
public final class Cases {

    private static final Path FIXTURES = Path.of("src/test/resources/checkpoints");

    /**
     * @param logits {@code [words][3]}, in the checkpoint's own order of labels
     */
    public record Case(String label, List<String> words, Query query, float[][] logits) {

        /** The query as this program makes it. */
        public Query encode(WordEncoder encoder) {
            IntStream.Builder tokens = IntStream.builder();
            int length = add(tokens, new int[] {encoder.bos()});
            for (String word : (label + " :").split(" ")) {
                length += add(tokens, encoder.encode(word));
            }
            int[] firsts = new int[words.size()];
            for (int i = 0; i < firsts.length; i++) {
                firsts[i] = length;
                length += add(tokens, encoder.encode(words.get(i)));
            }
            tokens.add(encoder.eos());
            return new Query(tokens.build().toArray(), firsts);
        }

        private static int add(IntStream.Builder tokens, int[] ids) {
            Arrays.stream(ids).forEach(tokens::add);
            return ids.length;
        }
    }

    private Cases() {}

    /** The checkpoints' names. */
    public static List<String> checkpoints() {
        return List.of("tiny-roberta", "tiny-xlm-roberta", "metaie-mini");
    }

    /** Where a checkpoint lies. */
    public static Path directory(String name) {
        return name.equals("metaie-mini") ? Path.of("models", name) : FIXTURES.resolve(name);
    }

    public static Checkpoint open(String name) throws CheckpointException {
        return Checkpoint.open(directory(name));
    }

    /** The cases of a checkpoint. */
    public static List<Case> of(String name) {
        try {
            JsonNode json = new ObjectMapper().readTree(FIXTURES.resolve(name).resolve("cases.json").toFile());
            List<Case> cases = new ArrayList<>();
            for (JsonNode node : json) {
                cases.add(new Case(
                        node.get("label").asText(),
                        StreamSupport.stream(node.get("words").spliterator(), false).map(JsonNode::asText).toList(),
                        new Query(ints(node.get("input_ids")), ints(node.get("first"))),
                        StreamSupport.stream(node.get("logits").spliterator(), false)
                                .map(Cases::floats)
                                .toArray(float[][]::new)));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ints(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    private static float[] floats(JsonNode node) {
        float[] row = new float[node.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = node.get(i).floatValue();
        }
        return row;
    }
}
