package io.metaie.adaptation;

import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.util.HashMap;
import java.util.Map;

/** Rounds a learner's weights as they are stored, so that what is measured is what will be used. */
final class Rounding {

    private Rounding() {}

    /** @throws TrainingFailedException when weights are larger than what is stored can hold */
    static void apply(Learner learner) throws TrainingFailedException {
        Map<String, StoredTensor> rounded = new HashMap<>();
        for (Entry entry : learner.weights(ElementType.F16)) {
            StoredTensor tensor = entry.copy();
            if (!tensor.isFinite()) {
                throw new TrainingFailedException("the weights grew beyond what is stored (" + entry.name()
                        + "); a lower learning rate may help");
            }
            rounded.put(entry.name(), tensor);
        }
        learner.setWeights(rounded::get);
    }
}
