package io.metaie.adaptation.torch;

import io.metaie.adaptation.torch.Network.Layer;
import io.metaie.adaptation.torch.Network.Norm;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.RobertaTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** Which tensors of a checkpoint stand where in the network. */
final class Layout {

    private Layout() {}

    /** Weight of a linear layer or a normalisation. */
    static String weight(String name) {
        return name + ".weight";
    }

    /** Bias of a linear layer or a normalisation. */
    static String bias(String name) {
        return name + ".bias";
    }

    /** The encoder's linear layers; those that read the same states, and are computed as one, stand together. */
    static List<List<String>> projections(RobertaConfig config) {
        List<List<String>> projections = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            projections.add(queryKeyValue(layer));
            projections.add(List.of(RobertaTensors.attentionOutput(layer)));
            projections.add(List.of(RobertaTensors.intermediate(layer)));
            projections.add(List.of(RobertaTensors.output(layer)));
        }
        return projections;
    }

    /** Every other tensor of the encoder: embeddings and normalisations. */
    static List<String> others(RobertaConfig config) {
        List<String> names = new ArrayList<>(List.of(
                RobertaTensors.WORDS, RobertaTensors.POSITIONS, RobertaTensors.TOKEN_TYPES));
        names.add(weight(RobertaTensors.EMBEDDINGS_NORM));
        names.add(bias(RobertaTensors.EMBEDDINGS_NORM));
        for (int layer = 0; layer < config.layers(); layer++) {
            for (String norm : List.of(RobertaTensors.attentionNorm(layer), RobertaTensors.outputNorm(layer))) {
                names.add(weight(norm));
                names.add(bias(norm));
            }
        }
        return names;
    }

    /** Weight and bias of the classifier. */
    static Stream<String> classifier() {
        return Stream.of(weight(RobertaTensors.CLASSIFIER), bias(RobertaTensors.CLASSIFIER));
    }

    /**
     * Puts a network together.
     *
     * @param tensor gives embeddings, normalisations and the classifier by their names
     * @param projection gives the encoder's linear layers
     */
    static Network.Weights assemble(
            RobertaConfig config, Function<String, Tensor> tensor, Function<List<String>, Projection> projection) {
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(new Layer(
                    projection.apply(queryKeyValue(layer)),
                    projection.apply(List.of(RobertaTensors.attentionOutput(layer))),
                    norm(RobertaTensors.attentionNorm(layer), tensor),
                    projection.apply(List.of(RobertaTensors.intermediate(layer))),
                    projection.apply(List.of(RobertaTensors.output(layer))),
                    norm(RobertaTensors.outputNorm(layer), tensor)));
        }
        return new Network.Weights(
                tensor.apply(RobertaTensors.WORDS),
                tensor.apply(RobertaTensors.POSITIONS),
                tensor.apply(RobertaTensors.TOKEN_TYPES),
                norm(RobertaTensors.EMBEDDINGS_NORM, tensor),
                layers,
                tensor.apply(weight(RobertaTensors.CLASSIFIER)),
                tensor.apply(bias(RobertaTensors.CLASSIFIER)));
    }

    private static Norm norm(String name, Function<String, Tensor> tensor) {
        return new Norm(tensor.apply(weight(name)), tensor.apply(bias(name)));
    }

    private static List<String> queryKeyValue(int layer) {
        return List.of(RobertaTensors.query(layer), RobertaTensors.key(layer), RobertaTensors.value(layer));
    }
}
