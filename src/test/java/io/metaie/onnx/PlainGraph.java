package io.metaie.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The graph that takes no adapters, in a session of its own: what adapters are compared with. */
public final class PlainGraph implements AutoCloseable {

    private final RobertaConfig config;
    private final GraphSession session;
    private final Workspace workspace = new Workspace();

    public PlainGraph(Checkpoint checkpoint) throws OrtException {
        config = checkpoint.config();
        session = new GraphSession(OrtEnvironment.getEnvironment(), RobertaGraph.ragged(checkpoint));
    }

    /** The logits of a batch, {@code [words of all queries][3]}, longest query first. */
    public float[][] logits(List<Query> queries) throws OrtException {
        workspace.reset(RaggedInputs.bytes(queries, config), RaggedInputs.PIECES);
        RaggedInputs inputs = RaggedInputs.of(longestFirst(queries), config, workspace);
        session.run(inputs, Map.of());
        float[][] logits = new float[inputs.wordCount()][3];
        for (float[] row : logits) {
            inputs.logits().get(row);
        }
        return logits;
    }

    /** The order in which the tagger lays queries out. */
    public static List<Query> longestFirst(List<Query> queries) {
        List<Query> sorted = new ArrayList<>(queries);
        sorted.sort(Comparator.comparingInt(query -> -query.length()));
        return sorted;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
