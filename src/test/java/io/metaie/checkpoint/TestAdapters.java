package io.metaie.checkpoint;

import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** Adapters nobody trained. */
public final class TestAdapters {

    private static final short TEN = 0x4900;
    private static final String WORD = "[\"Word\"]";

    private TestAdapters() {}

    /** Weights of either sign, about a hundredth each, a tenth in the classifier; alpha is three times the rank. */
    public static AdapterFile random(Checkpoint checkpoint, int rank, long seed) {
        return random(checkpoint, "news", WORD, rank, seed);
    }

    /**
     * The same for another task than {@code news}.
     *
     * @param labels what it has learned, as JSON
     */
    public static AdapterFile random(Checkpoint checkpoint, String task, String labels, int rank, long seed) {
        Random random = new Random(seed);
        return adapter(checkpoint, task, labels, rank, name -> {
            int exponent = (name.startsWith(RobertaTensors.CLASSIFIER) ? 9 : 6) + random.nextInt(4);
            return random.nextInt(2) << 15 | exponent << 10 | random.nextInt(1 << 10);
        });
    }

    /** Says of every word that a span begins there. */
    public static AdapterFile everyWord(Checkpoint checkpoint, String task) {
        return always(checkpoint, task, "B");
    }

    /** Says of every word that it is in no span. */
    public static AdapterFile noWord(Checkpoint checkpoint, String task) {
        return always(checkpoint, task, "O");
    }

    private static AdapterFile always(Checkpoint checkpoint, String task, String tag) {
        int[] row = {0};
        int answer = checkpoint.config().labels().indexOf(tag);
        return adapter(checkpoint, task, WORD, 1,
                name -> name.equals(RobertaTensors.CLASSIFIER + ".bias") && row[0]++ == answer ? TEN : 0);
    }

    private static AdapterFile adapter(
            Checkpoint checkpoint, String task, String labels, int rank, ToIntFunction<String> half) {
        List<Entry> weights = new ArrayList<>();
        AdapterFile.shapes(checkpoint.config(), rank).forEach((name, shape) -> {
            long count = 1;
            for (long dimension : shape) {
                count *= dimension;
            }
            ByteBuffer data = ByteBuffer.allocate((int) (2 * count)).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                data.putShort((short) half.applyAsInt(name));
            }
            weights.add(new Entry(name, ElementType.F16, shape, data.flip()::duplicate));
        });
        return AdapterFile.of(new Description(checkpoint.hash(), rank, 3.0 * rank, task, labels), weights);
    }

    /** The model with an adapter multiplied out and added to its weights, in 32-bit floats. */
    public static List<StoredTensor> merge(Iterable<StoredTensor> model, AdapterFile adapter) {
        int rank = adapter.description().rank();
        double scale = adapter.description().alpha() / rank;
        List<StoredTensor> merged = new ArrayList<>();
        for (StoredTensor tensor : model) {
            float[] weights = numbers(tensor);
            String layer = tensor.name().replaceFirst("\\.weight$", "");
            if (tensor.name().startsWith(RobertaTensors.CLASSIFIER)) {
                weights = numbers(adapter.tensor(tensor.name()));
            } else if (layer.matches("roberta\\.encoder\\..*(query|key|value|dense)")) {
                float[] a = numbers(adapter.tensor(layer + AdapterFile.A));
                float[] b = numbers(adapter.tensor(layer + AdapterFile.B));
                int in = (int) tensor.shape()[1];
                for (int i = 0; i < weights.length; i++) {
                    double sum = 0;
                    for (int r = 0; r < rank; r++) {
                        sum += (double) b[i / in * rank + r] * a[r * in + i % in];
                    }
                    weights[i] += (float) (scale * sum);
                }
            }
            ByteBuffer data = ByteBuffer.allocate(Float.BYTES * weights.length).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(weights);
            merged.add(new StoredTensor(tensor.name(), ElementType.F32, tensor.shape(), data));
        }
        return merged;
    }

    private static float[] numbers(StoredTensor tensor) {
        float[] numbers = new float[tensor.count()];
        tensor.putInto(FloatBuffer.wrap(numbers), 1);
        return numbers;
    }
}
