package io.metaie.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;

/** {@code metaie.kafka.*}: the broker inside this process. */
public interface KafkaConfig {

    /** {@code metaie.kafka.embedded} and below. */
    Embedded embedded();

    /** {@code metaie.kafka.embedded.*}. */
    interface Embedded {

        /** {@code metaie.kafka.embedded}: whether the service brings its own broker. */
        @WithParentName
        @WithDefault("auto")
        EmbeddedMode mode();

        /** {@code metaie.kafka.embedded.port}: where it listens on 127.0.0.1; a free port is taken if this one is not. */
        @WithDefault("9092")
        int port();

        /** {@code metaie.kafka.embedded.directory}: its data, and the file {@code bootstrap} with its address. */
        @WithDefault("data/kafka")
        Path directory();
    }

    /** Whether the service brings its own broker. */
    enum EmbeddedMode {
        /** When no {@code kafka.bootstrap.servers} is set. */
        AUTO,
        TRUE,
        FALSE
    }
}
