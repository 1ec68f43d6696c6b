package io.metaie.adaptation;

import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tags;
import java.util.List;
import java.util.function.Function;

/**
 * A model while it is trained. One thread makes it, uses it and closes it: the library beneath keeps threads and memory
 * for each thread that calls it.
 */
public interface Learner extends AutoCloseable {

    /**
     * Learns from a batch: cross entropy, averaged over all words; gradients clipped at a norm of 1; AdamW with a weight
     * decay of 0.01.
     *
     * @return the loss before this step
     * @throws TrainingFailedException when loss or gradients are no numbers; the weights are as they were then
     */
    double step(List<TrainingRow> rows, double learningRate) throws TrainingFailedException;

    /** Tags queries with the weights as they stand, without dropout. */
    List<Tags> tag(List<Query> queries);

    /**
     * What has been learned: under {@link Method.Lora} A and B of every linear layer and the classifier, under
     * {@link Method.Full} every tensor. The data is copied when asked for.
     */
    List<Entry> weights(ElementType type);

    /** Sets weights: those of {@link #weights} by name. */
    void setWeights(Function<String, StoredTensor> weights);

    /** Everything a later run needs to go on from here: weights and the optimiser's memory, 32-bit floats. */
    List<Entry> state();

    /** Goes on from a state: tensors of {@link #state} by name, after so many steps. */
    void resume(Function<String, StoredTensor> state, long steps);

    @Override
    void close();
}
