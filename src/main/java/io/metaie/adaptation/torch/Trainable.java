package io.metaie.adaptation.torch;

import io.metaie.adaptation.Method;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.StoredTensor;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network with what of it is trained.
 *
 * @param parameters what is trained
 * @param frozen what is not
 */
record Trainable(Network network, Parameters parameters, Owned frozen) implements AutoCloseable {


    /**
     * Makes a checkpoint trainable.
     *
     * @param stored the checkpoint's tensors by name
     * @param type in which numbers linear layers and attention compute
     * @param seed of the random numbers that low-rank additions begin with
     */
    static Trainable of(Method method, RobertaConfig config, Function<String, StoredTensor> stored, ScalarType type,
            long seed) {
        try (PointerScope scope = new PointerScope()) {
            Source source = new Source(config, stored, type);
            return method instanceof Method.Lora lora ? source.lowRank(lora, new Random(seed)) : source.full();
        }
    }

    @Override
    public void close() {
        parameters.close();
        frozen.close();
    }

    /** A checkpoint to be made trainable. */
    private record Source(RobertaConfig config, Function<String, StoredTensor> stored, ScalarType type) {

        Trainable full() {
            Parameters.Builder builder = new Parameters.Builder();
            Layout.others(config).forEach(name -> declareStored(builder, List.of(name)));
            for (List<String> layers : Layout.projections(config)) {
                declareStored(builder, weights(layers));
                declareStored(builder, biases(layers));
            }
            Layout.classifier().forEach(name -> declareStored(builder, List.of(name)));
            Parameters parameters = builder.build();
            Network.Weights weights = Layout.assemble(config, parameters::get, layers ->
                    new Projection.Trained(parameters.get(weights(layers)), parameters.get(biases(layers)), type));
            return new Trainable(new Network(config, weights, type), parameters, new Owned());
        }

        Trainable lowRank(Method.Lora lora, Random random) {
            Parameters.Builder builder = new Parameters.Builder();
            for (List<String> layers : Layout.projections(config)) {
                long[] shape = shape(Layout.weight(layers.get(0)));
                long[] a = {lora.rank(), shape[1]};
                long[] b = {shape[0], lora.rank()};
                builder.add(named(layers, AdapterFile.A), a, name -> gaussian(a, random));
                layers.forEach(layer -> builder.add(List.of(layer + AdapterFile.B), b, name -> torch.zeros(b)));
            }
            Layout.classifier().forEach(name -> declareStored(builder, List.of(name)));
            Parameters parameters = builder.build();
            Owned frozen = new Owned();
            List<String> classifier = Layout.classifier().toList();
            Network.Weights weights = Layout.assemble(
                    config,
                    name -> classifier.contains(name) ? parameters.get(name) : frozen.keep(read(name, ScalarType.Float)),
                    layers -> new Projection.LowRank(
                            frozen.keep(joined(weights(layers))),
                            frozen.keep(joined(biases(layers))),
                            parameters.get(named(layers, AdapterFile.A)),
                            layers.stream().map(layer -> parameters.get(layer + AdapterFile.B)).toArray(Tensor[]::new),
                            lora.scale(),
                            type));
            return new Trainable(new Network(config, weights, type), parameters, frozen);
        }

        private void declareStored(Parameters.Builder builder, List<String> names) {
            builder.add(names, shape(names.get(0)), name -> read(name, ScalarType.Float));
        }

        /** Of a variance that gives {@code x Aᵀ} the variance of x. */
        private static Tensor gaussian(long[] shape, Random random) {
            float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
            double deviation = 1 / Math.sqrt(shape[1]);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
            return Tensors.of(values, shape);
        }

        private long[] shape(String name) {
            return stored.apply(name).shape();
        }

        private Tensor read(String name, ScalarType as) {
            return Tensors.of(stored.apply(name), as);
        }

        /** Tensors below one another. */
        private Tensor joined(List<String> names) {
            return torch.cat(new TensorVector(names.stream().map(name -> read(name, type)).toArray(Tensor[]::new)), 0);
        }

        private static List<String> weights(List<String> layers) {
            return named(layers, Layout.weight(""));
        }

        private static List<String> biases(List<String> layers) {
            return named(layers, Layout.bias(""));
        }

        private static List<String> named(List<String> layers, String suffix) {
            return layers.stream().map(layer -> layer + suffix).toList();
        }
    }
}
