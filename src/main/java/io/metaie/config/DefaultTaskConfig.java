package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** {@code metaie.default-task.*}: what is asked of documents that name neither labels nor a task. */
public interface DefaultTaskConfig {

    /** {@code metaie.default-task.name}: its name, in answers and metrics. */
    @WithDefault("default")
    String name();

    /** {@code metaie.default-task.labels}: its labels, {@code Person,Location} or JSON as in a document. */
    Optional<String> labels();

    /** {@code metaie.default-task.threshold}: spans with a lower score are left out. */
    @WithDefault("0")
    double threshold();

    /** {@code metaie.default-task.exclusive}: of overlapping spans of different labels the higher score stays. */
    @WithDefault("false")
    boolean exclusive();
}
