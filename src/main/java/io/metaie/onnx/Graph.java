package io.metaie.onnx;

import io.metaie.onnx.proto.ModelProto;
import java.util.Map;

/**
 * A graph ready for a session.
 *
 * @param model the graph; its weights are declared external and are not in it, so that it stays small whatever the
 *     model's size
 * @param weights the weights by the names of their initialisers
 */
public record Graph(ModelProto model, Map<String, Initializer> weights) {

    public Graph {
        weights = Map.copyOf(weights);
    }
}
