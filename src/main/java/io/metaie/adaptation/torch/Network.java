package io.metaie.adaptation.torch;

import io.metaie.adaptation.PackedRows;
import io.metaie.checkpoint.RobertaConfig;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The forward pass of a RoBERTa token classifier over {@linkplain PackedRows packed sequences}: the layers of
 * {@code onnx.RobertaGraph}, with dropout where Hugging Face transformers have it. States between layers and their
 * normalisation are 32-bit floats; linear layers and attention compute in the type of their weights, as PyTorch's
 * automatic casts do it. Softmax is written out: PyTorch's fused attention is slower at these lengths.
 *
 * <p>Dimensions: L lines, S slots a line, R = L · S; H hidden width, A heads, d = H / A.
 */
final class Network {

    private final RobertaConfig config;
    private final Weights weights;
    private final ScalarType type;

    Network(RobertaConfig config, Weights weights, ScalarType type) {
        this.config = config;
        this.weights = weights;
        this.type = type;
    }

    /**
     * The weights of a network.
     *
     * @param words table of word embeddings, {@code [vocabulary, H]}
     * @param positions table of position embeddings
     * @param tokenTypes table of token type embeddings, of which row 0 is used
     */
    record Weights(Tensor words, Tensor positions, Tensor tokenTypes, Norm norm, List<Layer> layers, Tensor classifier,
            Tensor classifierBias) {}

    /** Weight and bias of a normalisation, both {@code [H]}. */
    record Norm(Tensor weight, Tensor bias) {}

    /**
     * An encoder layer.
     *
     * @param qkv query, key and value in one: {@code [.., H]} → {@code [.., 3 H]}
     */
    record Layer(Projection qkv, Projection attentionOutput, Norm attentionNorm, Projection intermediate,
            Projection output, Norm outputNorm) {}

    /**
     * The classifier's raw numbers for every slot, {@code [R, 3]}, in the checkpoint's order of labels.
     *
     * @param dropout in training
     */
    Tensor logits(PackedRows batch, Optional<DropoutMasks> dropout) {
        Tensor states = embeddings(batch);
        if (dropout.isPresent()) {
            states = states.mul(dropout.get().mask(batch.slots(), config.hidden()));
        }
        Tensor mask = mask(batch);
        for (Layer layer : weights.layers()) {
            states = layer(layer, states, batch, mask, dropout);
        }
        if (dropout.isPresent()) {
            states = states.mul(dropout.get().mask(batch.slots(), config.hidden()));
        }
        return torch.linear(states, weights.classifier(), new TensorOptional(weights.classifierBias()));
    }

    private Tensor embeddings(PackedRows batch) {
        Tensor words = torch.embedding(weights.words(), Tensors.of(batch.tokens(), batch.slots()));
        Tensor positions = torch.embedding(weights.positions(), Tensors.of(batch.positions(), batch.slots()));
        Tensor sum = words.to(ScalarType.Float).add(positions).add(weights.tokenTypes().select(0, 0));
        return normalized(sum, weights.norm());
    }

    /** {@code [L, 1, S, S]}: 0 where a slot attends to another of its segment, else minus infinity. */
    private Tensor mask(PackedRows batch) {
        Tensor segments = Tensors.of(batch.segments(), batch.lines(), batch.width());
        Tensor apart = segments.unsqueeze(2).ne(segments.unsqueeze(1)).unsqueeze(1);
        return torch.zeros_like(apart).to(type).masked_fill(apart, new Scalar(Double.NEGATIVE_INFINITY));
    }

    private Tensor layer(Layer layer, Tensor states, PackedRows batch, Tensor mask, Optional<DropoutMasks> dropout) {
        Tensor context = attention(layer, states.to(type), batch, mask, dropout);
        Tensor attended =
                normalized(sum(states, layer.attentionOutput().apply(context), dropout), layer.attentionNorm());
        Tensor up = torch.gelu(layer.intermediate().apply(attended.to(type)));
        return normalized(sum(attended, layer.output().apply(up), dropout), layer.outputNorm());
    }

    /** The heads' joined contexts, {@code [R, H]}. */
    private Tensor attention(Layer layer, Tensor states, PackedRows batch, Tensor mask, Optional<DropoutMasks> dropout) {
        int lines = batch.lines();
        int width = batch.width();
        int heads = config.heads();
        Tensor split = layer.qkv().apply(states)
                .view(lines, width, 3, heads, config.headWidth())
                .permute(2, 0, 3, 1, 4)
                .contiguous();
        TensorVector qkv = split.unbind(0);
        Tensor scores = torch.matmul(qkv.get(0), qkv.get(1).transpose(-1, -2));
        Scalar scale = new Scalar(1 / Math.sqrt(config.headWidth()));
        Tensor probabilities = torch.softmax(mask.add(scores, scale), -1);
        if (dropout.isPresent()) {
            probabilities = probabilities.mul(dropout.get().mask(lines, heads, width, width));
        }
        return torch.matmul(probabilities, qkv.get(2)).permute(0, 2, 1, 3).reshape(batch.slots(), config.hidden());
    }

    private static Tensor sum(Tensor states, Tensor addition, Optional<DropoutMasks> dropout) {
        return dropout.isPresent()
                ? torch.addcmul(states, addition, dropout.get().mask(addition.size(0), addition.size(1)))
                : states.add(addition);
    }

    private Tensor normalized(Tensor states, Norm norm) {
        return torch.layer_norm(states, new long[] {config.hidden()}, new TensorOptional(norm.weight()),
                new TensorOptional(norm.bias()), config.epsilon(), false);
    }
}
