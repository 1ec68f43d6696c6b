package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code metaie.training.*}: how adaptations are computed. */
public interface TrainingConfig {

    /** {@code metaie.training.threads}: threads that compute. By default the processor's cores. */
    OptionalInt threads();

    /**
     * {@code metaie.training.cache}: where its native libraries are unpacked, about 430 MB, when training is first
     * wanted. By default {@code metaie/training} where the system has the user's caches.
     */
    Optional<Path> cache();

    /**
     * {@code metaie.training.precision}: {@code auto}, {@code fp32} or {@code bf16}; {@code auto} is bf16 where the
     * processor computes in it, else fp32.
     */
    @WithDefault("auto")
    String precision();
}
