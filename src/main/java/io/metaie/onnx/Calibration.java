package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.tagging.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches a checkpoint compute in floats and notes what goes into its linear layers, from which it tells the
 * {@linkplain ActivationRanges ranges} that 8-bit integers need.
 */
public final class Calibration implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final GraphSession session;
    private final Workspace workspace = new Workspace();
    private final Map<String, Histogram> inputs = new LinkedHashMap<>();

    /** @throws DeviceException when ONNX Runtime cannot run here */
    public Calibration(Checkpoint checkpoint) throws DeviceException {
        this.checkpoint = checkpoint;
        for (String layer : RobertaTensors.linearLayers(checkpoint.config())) {
            inputs.putIfAbsent(RobertaTensors.input(layer), new Histogram());
        }
        try {
            session = new GraphSession(
                    OrtEnvironment.getEnvironment(), RobertaGraph.observed(checkpoint));
        } catch (OrtException | UnsatisfiedLinkError e) {
            throw DeviceException.cannotRun(checkpoint, e);
        }
    }

    /** Runs queries, each with a word or more, and notes what they bring about. */
    public void observe(List<Query> queries) throws DeviceException {
        RobertaConfig config = checkpoint.config();
        for (Query query : queries) {
            // One by one: what several have in common the graph computes once, and it would count once.
            List<Query> batch = List.of(query);
            workspace.reset(RaggedInputs.bytes(batch, config), RaggedInputs.PIECES);
            try (OrtSession.Result outputs = session.observe(RaggedInputs.of(batch, config, workspace), inputs.keySet())) {
                for (Map.Entry<String, Histogram> input : inputs.entrySet()) {
                    input.getValue().add(((OnnxTensor) outputs.get(input.getKey()).orElseThrow()).getFloatBuffer());
                }
            } catch (OrtException e) {
                throw DeviceException.cannotRun(checkpoint, e);
            }
        }
    }

    /** The ranges of what has been observed. */
    public ActivationRanges ranges() {
        Map<String, ActivationRanges.Range> ranges = new LinkedHashMap<>();
        inputs.forEach((name, histogram) -> ranges.put(name, histogram.range()));
        return new ActivationRanges(checkpoint.hash(), ranges, List.of());
    }

    @Override
    public void close() throws DeviceException {
        try {
            session.close();
        } catch (OrtException e) {
            throw DeviceException.cannotRun(checkpoint, e);
        }
    }
}
