package io.metaie.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Every setting of the service, all with a working default. A key {@code metaie.topics.documents} is given as a system
 * property, as the environment variable {@code METAIE_TOPICS_DOCUMENTS}, or in {@code config/application.properties} in
 * the working directory. How Kafka is reached stands under {@code kafka.*}: see {@link io.metaie.kafka.KafkaClients}.
 */
@ConfigMapping(prefix = "metaie")
public interface MetaieConfig {

    /**
     * {@code metaie.instance}: the name of this instance, part of its transactional ids, so no two running instances
     * may share it. By default {@code embedded} with the embedded broker, else the host's name.
     */
    Optional<String> instance();

    /** {@code metaie.kafka.*}: the broker inside this process. */
    Kafka kafka();

    /** {@code metaie.topics.*}: the names of the topics, and whether missing ones are created. */
    Topics topics();

    /** {@code metaie.kafka.*}. */
    interface Kafka {

        /** {@code metaie.kafka.embedded} and below. */
        Embedded embedded();
    }

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

    /** {@code metaie.topics.*}: names. Dead letters go to {@code <input topic>.dead-letters}. */
    interface Topics {

        /** {@code metaie.topics.create}: create what is missing at start; else the start fails and names it. */
        @WithDefault("true")
        boolean create();

        /** {@code metaie.topics.documents}: documents in. */
        @WithDefault("metaie.documents")
        String documents();

        /** {@code metaie.topics.spans}: extractions out. */
        @WithDefault("metaie.spans")
        String spans();

        /** {@code metaie.topics.control}: commands in. */
        @WithDefault("metaie.control")
        String control();

        /** {@code metaie.topics.events}: events out. */
        @WithDefault("metaie.events")
        String events();

        /** {@code metaie.topics.tasks}: state, compacted. */
        @WithDefault("metaie.tasks")
        String tasks();

        /** {@code metaie.topics.adapters}: state, compacted. */
        @WithDefault("metaie.adapters")
        String adapters();

        /** {@code metaie.topics.distillation.requests}: texts for the teacher. */
        @WithName("distillation.requests")
        @WithDefault("metaie.distillation.requests")
        String distillationRequests();

        /** {@code metaie.topics.distillation.examples}: labelled sentences out. */
        @WithName("distillation.examples")
        @WithDefault("metaie.distillation.examples")
        String distillationExamples();

        /** {@code metaie.topics.distillation.answers}: state, compacted. */
        @WithName("distillation.answers")
        @WithDefault("metaie.distillation.answers")
        String distillationAnswers();
    }
}
