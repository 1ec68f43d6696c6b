package io.metaie.load;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.onnx.Graph;
import io.metaie.onnx.Sessions;
import io.metaie.tagging.Query;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;

/** Runs the {@link PaddedGraph}, in a session with the same settings as the tagger's. */
final class PaddedTagger implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final RobertaConfig config;
    private final Graph graph;
    private final OrtSession session;

    PaddedTagger(Checkpoint checkpoint) throws OrtException {
        config = checkpoint.config();
        graph = PaddedGraph.of(checkpoint);
        session = Sessions.open(environment, graph);
    }

    /** The logits at each query's words, {@code [words of all queries][3]}, in the checkpoint's order of labels. */
    float[][] logits(List<Query> queries) throws OrtException {
        int longest = queries.stream().mapToInt(Query::length).max().orElseThrow();
        int slots = queries.size() * longest;
        IntBuffer tokens = memory(slots).asIntBuffer();
        IntBuffer positions = memory(slots).asIntBuffer();
        FloatBuffer mask = memory(slots).asFloatBuffer();
        for (Query query : queries) {
            for (int slot = 0; slot < longest; slot++) {
                boolean real = slot < query.length();
                tokens.put(real ? query.tokens()[slot] : config.pad());
                positions.put(real ? config.firstPosition() + slot : config.pad());
                mask.put(real ? 0 : -Float.MAX_VALUE);
            }
        }
        long[] shape = {queries.size(), longest};
        FloatBuffer logits = memory(3 * slots).asFloatBuffer();
        try (OnnxTensor tokenTensor = OnnxTensor.createTensor(environment, tokens.flip(), shape);
                OnnxTensor positionTensor = OnnxTensor.createTensor(environment, positions.flip(), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(
                        environment, mask.flip(), new long[] {queries.size(), 1, 1, longest});
                OnnxTensor output = OnnxTensor.createTensor(
                        environment, logits, new long[] {queries.size(), longest, 3})) {
            Map<String, OnnxTensor> inputs =
                    Map.of("tokens", tokenTensor, "positions", positionTensor, "mask", maskTensor);
            session.run(inputs, Map.of("logits", output)).close();
            return words(queries, longest, logits);
        }
    }

    private static float[][] words(List<Query> queries, int longest, FloatBuffer logits) {
        float[][] rows = new float[queries.stream().mapToInt(query -> query.firsts().length).sum()][3];
        int row = 0;
        for (int i = 0; i < queries.size(); i++) {
            for (int first : queries.get(i).firsts()) {
                logits.get(3 * (i * longest + first), rows[row++]);
            }
        }
        return rows;
    }

    private static ByteBuffer memory(int numbers) {
        return ByteBuffer.allocateDirect(numbers * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
