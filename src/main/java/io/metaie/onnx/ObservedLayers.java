package io.metaie.onnx;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaTensors;
import java.util.HashSet;
import java.util.Set;

/** Linear layers in floats whose inputs are outputs of the graph, by their {@linkplain RobertaTensors#input names}. */
final class ObservedLayers implements LinearLayers {

    private final GraphBuilder graph;
    private final LinearLayers layers;
    private final Set<String> observed = new HashSet<>();

    ObservedLayers(GraphBuilder graph, Checkpoint checkpoint) {
        this.graph = graph;
        this.layers = new FloatLayers(graph, checkpoint, false);
    }

    @Override
    public String build(String x, String name, String... bias) {
        String input = RobertaTensors.input(name);
        if (observed.add(input)) {
            graph.output(input, x, input + ".rows", input + ".width");
        }
        return layers.build(x, name, bias);
    }
}
