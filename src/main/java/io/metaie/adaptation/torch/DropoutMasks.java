package io.metaie.adaptation.torch;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Masks that drop elements at random: 0 with the probability asked for, else {@code 1 / (1 - probability)}. They are cut
 * at random places out of one row of random elements, since drawing millions of numbers anew at every step would take
 * longer than all the layers' arithmetic.
 */
final class DropoutMasks implements AutoCloseable {

    /** In how many places a mask may begin: the row is so much longer than the longest mask. */
    private static final int PLACES = 1 << 21;

    private final double probability;
    private final ScalarType type;
    private final long seed;
    private SplittableRandom places;
    private Owned owned = new Owned();
    private Tensor row;
    private long length;

    DropoutMasks(double probability, ScalarType type, long seed) {
        this.probability = probability;
        this.type = type;
        this.seed = seed;
        this.places = new SplittableRandom(seed);
    }

    /** Begins a step: its masks depend on nothing but the seed and its number. */
    void beginStep(long number) {
        places = new SplittableRandom(seed * 31 + number);
    }

    /** A mask of some shape. */
    Tensor mask(long... shape) {
        long count = 1;
        for (long dimension : shape) {
            count *= dimension;
        }
        if (row == null || count + PLACES > length) {
            // A longer row begins as the shorter one did, so that masks do not depend on those before.
            draw(2 * count + PLACES);
        }
        return row.narrow(0, places.nextLong(PLACES), count).view(shape);
    }

    private void draw(long count) {
        owned.close();
        owned = new Owned();
        float[] elements = new float[Math.toIntExact(count)];
        float kept = (float) (1 / (1 - probability));
        SplittableRandom random = new SplittableRandom(seed);
        int threshold = (int) Math.round(probability * (1 << 16));
        for (int i = 0; i < elements.length; ) {
            long bits = random.nextLong();
            for (int k = 0; k < 4 && i < elements.length; k++, bits >>>= 16) {
                elements[i++] = (bits & 0xffff) < threshold ? 0 : kept;
            }
        }
        try (PointerScope scope = new PointerScope()) {
            row = owned.keep(Tensors.of(elements, count).to(type));
        }
        length = count;
    }

    @Override
    public void close() {
        owned.close();
    }
}
