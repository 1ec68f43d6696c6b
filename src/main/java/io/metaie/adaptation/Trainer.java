package io.metaie.adaptation;

import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.StoredTensor;
import java.util.function.Function;

/** Makes models trainable. */
public interface Trainer {

    /**
     * Makes a model trainable. The calling thread owns it, see {@link Learner}.
     *
     * @param stored the model's tensors, as {@link io.metaie.checkpoint.RobertaTensors} names them
     */
    Learner learner(RobertaConfig config, Function<String, StoredTensor> stored, LearnerSettings settings);

    /** In which numbers it computes: {@code fp32} or {@code bf16}. */
    String precision();
}
