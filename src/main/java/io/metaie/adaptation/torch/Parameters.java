package io.metaie.adaptation.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What is trained. All parameters lie in one row of 32-bit floats, {@code [n]}, and their gradients in another, so that
 * the optimiser and the norm need one call each. Tensors that are used together are one parameter, below one another.
 */
final class Parameters implements AutoCloseable {

    private final Owned owned = new Owned();
    private final List<Declared> declared;
    private final Map<List<String>, Tensor> parameters = new HashMap<>();
    private final Tensor values;
    private final Tensor gradients;

    private Parameters(List<Declared> declared) {
        this.declared = List.copyOf(declared);
        try (PointerScope scope = new PointerScope()) {
            long count = declared.stream().mapToLong(Declared::count).sum();
            values = owned.keep(torch.zeros(count));
            gradients = owned.keep(torch.zeros(count));
            long offset = 0;
            for (Declared each : declared) {
                long[] shape = each.shape.clone();
                shape[0] *= each.names.size();
                Tensor parameter = owned.keep(values.narrow(0, offset, each.count()).view(shape).detach());
                parameter.requires_grad_(true);
                parameter.mutable_grad().put(gradients.narrow(0, offset, each.count()).view(shape));
                parameters.put(each.names, parameter);
                offset += each.count();
            }
            Map<String, Tensor> parts = partsOf(values);
            for (Declared each : declared) {
                for (String name : each.names) {
                    try (PointerScope initial = new PointerScope()) {
                        parts.get(name).copy_(each.initial.apply(name));
                    }
                }
            }
        }
    }

    /** A parameter that was declared alone. Operations on it count towards its gradient. */
    Tensor get(String name) {
        return get(List.of(name));
    }

    /** A parameter by the names of its parts. */
    Tensor get(List<String> names) {
        Tensor parameter = parameters.get(names);
        if (parameter == null) {
            throw new IllegalArgumentException("There is no parameter " + names);
        }
        return parameter;
    }

    /** All values, {@code [n]}. */
    Tensor values() {
        return values;
    }

    /** All gradients, {@code [n]}. */
    Tensor gradients() {
        return gradients;
    }

    /** The declared tensors as views of a row like that of all values, in the order declared. */
    Map<String, Tensor> partsOf(Tensor row) {
        Map<String, Tensor> parts = new LinkedHashMap<>();
        long offset = 0;
        for (Declared each : declared) {
            long count = each.count() / each.names.size();
            for (String name : each.names) {
                parts.put(name, row.narrow(0, offset, count).view(each.shape));
                offset += count;
            }
        }
        return parts;
    }

    @Override
    public void close() {
        owned.close();
    }

    private record Declared(List<String> names, long[] shape, Function<String, Tensor> initial) {

        long count() {
            return names.size() * LongStream.of(shape).reduce(1, (a, b) -> a * b);
        }
    }

    /** Declares parameters one by one. */
    static final class Builder {

        private final List<Declared> declared = new ArrayList<>();

        /**
         * Declares a parameter.
         *
         * @param names of its parts
         * @param shape of each part
         * @param initial makes the first value of a part
         */
        Builder add(List<String> names, long[] shape, Function<String, Tensor> initial) {
            declared.add(new Declared(List.copyOf(names), shape, initial));
            return this;
        }

        Parameters build() {
            return new Parameters(declared);
        }
    }
}
