package io.metaie.adaptation.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The optimiser of Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (arXiv 1711.05101), by PyTorch's fused
 * operator, which is two to four times as fast as its operators one by one. It has no function of its own in the
 * bindings, so the dispatcher calls it.
 */
final class AdamW implements AutoCloseable {

    private static final double EPSILON = 1e-8;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double BETA1 = 0.9;

    private final Owned owned = new Owned();
    private final Parameters parameters;
    private final double beta2;
    private final Tensor first;
    private final Tensor second;
    private final OperatorHandle fused;
    private final OperatorHandle unbind;
    private long steps;

    /** @param beta2 the decay of the second moment */
    AdamW(Parameters parameters, double beta2) {
        this.parameters = parameters;
        this.beta2 = beta2;
        try (PointerScope scope = new PointerScope()) {
            first = owned.keep(torch.zeros_like(parameters.values()));
            second = owned.keep(torch.zeros_like(parameters.values()));
            fused = owned.keep(Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", ""));
            unbind = owned.keep(Dispatcher.singleton().findSchemaOrThrow("aten::unbind", "int"));
        }
    }

    /** Moves the parameters against their gradients, which are divided by {@code divisor} first. */
    void step(double learningRate, float divisor) {
        steps++;
        try (PointerScope scope = new PointerScope()) {
            IValueVector arguments = new IValueVector();
            arguments.push_back(list(parameters.values()));
            arguments.push_back(list(parameters.gradients()));
            arguments.push_back(list(first));
            arguments.push_back(list(second));
            arguments.push_back(list(torch.empty(0)));
            arguments.push_back(list(torch.full(new long[] {}, new Scalar((float) steps))));
            arguments.push_back(new IValue(learningRate));
            arguments.push_back(new IValue(BETA1));
            arguments.push_back(new IValue(beta2));
            arguments.push_back(new IValue(WEIGHT_DECAY));
            arguments.push_back(new IValue(EPSILON));
            arguments.push_back(new IValue(false)); // amsgrad
            arguments.push_back(new IValue(false)); // maximize
            arguments.push_back(new IValue(torch.full(new long[] {}, new Scalar(divisor))));
            arguments.push_back(new IValue()); // found_inf
            fused.callBoxed(arguments);
        }
    }

    /** A list of one tensor, or of none where it is empty: the bindings can make no such argument, but operators can. */
    private IValue list(Tensor tensor) {
        Tensor rows = tensor.numel() == 0 && tensor.dim() > 0 ? tensor : tensor.unsqueeze(0);
        IValueVector stack = new IValueVector();
        stack.push_back(new IValue(rows));
        stack.push_back(new IValue(0L));
        unbind.callBoxed(stack);
        return new IValue(stack.get(0));
    }

    /** How many steps it has taken. */
    long steps() {
        return steps;
    }

    /** Its mean of the gradients, a row like that of all parameters. */
    Tensor first() {
        return first;
    }

    /** Its mean of their squares, a row like that of all parameters. */
    Tensor second() {
        return second;
    }

    /** Goes on from a number of steps; the moments are set by whoever restores them. */
    void resumeAt(long steps) {
        this.steps = steps;
    }

    @Override
    public void close() {
        owned.close();
    }
}
