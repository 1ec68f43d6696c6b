package io.metaie.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

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

    /**
     * {@code metaie.model}: a Hugging Face checkpoint directory of a roberta or xlm-roberta token classifier with the
     * labels B, I and O. By default {@code models/metaie-mini} in the working directory, else beside the application.
     */
    Optional<Path> model();

    /** {@code metaie.device}: {@code auto}, {@code cpu} or {@code cuda[:n]}. What is asked for and absent is an error. */
    @WithDefault("auto")
    String device();

    /**
     * {@code metaie.precision}: {@code auto}, {@code fp32}, {@code fp16} or {@code int8}. On the processor {@code auto} is
     * int8 if the model's {@code int8.json} says that it costs little and this processor has dot products of bytes, else
     * fp32.
     */
    @WithDefault("auto")
    String precision();

    /** {@code metaie.cuda.*}: what may be taken of a GPU. */
    Cuda cuda();

    /** {@code metaie.batch.*}: how queries become batches. */
    BatchConfig batch();

    /** {@code metaie.adapters.*}: the tasks' weights in memory. */
    Adapters adapters();

    /** {@code metaie.document.*}: what one document may need. */
    Document document();

    /** {@code metaie.http.*}: requests over HTTP. */
    HttpConfig http();

    /** {@code metaie.default-task.*}: what is asked of documents that name neither labels nor a task. */
    DefaultTaskConfig defaultTask();

    /**
     * {@code metaie.application}: names this deployment on the broker: its consumer group, and the first part of its
     * transactional ids. Two deployments on one cluster need two names.
     */
    @WithDefault("metaie")
    String application();

    /**
     * {@code metaie.roles}: what this instance does. {@code extract} reads documents, {@code adapt} carries out commands
     * about tasks, {@code distill} has texts labelled by a language model, {@code console} answers over HTTP. Every
     * instance knows the tasks.
     */
    @WithDefault("extract,adapt,distill,console")
    Set<Role> roles();

    /** {@code metaie.control.*}: commands about tasks. */
    Control control();

    /** {@code metaie.documents.*}: how documents are read. */
    Documents documents();

    /**
     * {@code metaie.lanes}: how many consumers read documents, each with a producer of its own. Two hide one's commit
     * behind the other's tagging.
     */
    @WithDefault("2")
    int lanes();

    /** {@code metaie.lane.*}: how a lane works. */
    Lane lane();

    /** {@code metaie.llm.*}: the language model that teaches. */
    LlmConfig llm();

    /** {@code metaie.distillation.*}: what is learned from it. */
    DistillationConfig distillation();

    /** {@code metaie.training.*}: how adaptations are computed. */
    TrainingConfig training();

    /** {@code metaie.kafka.*}: the broker inside this process. */
    KafkaConfig kafka();

    /** {@code metaie.topics.*}: the names of the topics, and whether missing ones are created. */
    TopicsConfig topics();

    /** {@code metaie.cuda.*}. */
    interface Cuda {

        /** {@code metaie.cuda.max-bytes}: how much of a GPU's memory the model and its batches may take; 0 for all. */
        @WithDefault("0")
        long maxBytes();
    }

    /** {@code metaie.adapters.*}. */
    interface Adapters {

        /** {@code metaie.adapters.max-bytes}: what they may take together; those used longest ago make room. */
        @WithDefault("268435456")
        long maxBytes();
    }

    /** {@code metaie.document.*}. */
    interface Document {

        /** {@code metaie.document.max-bytes}: larger documents are dead-lettered as {@code too-large}. */
        @WithDefault("1048576")
        int maxBytes();

        /** {@code metaie.document.max-queries}: sentences by labels, all stages included; more are {@code too-large}. */
        @WithDefault("100000")
        int maxQueries();
    }

    /** What an instance does. */
    enum Role {
        /** Reads documents. */
        EXTRACT,
        /** Carries out commands about tasks. */
        ADAPT,
        /** Has texts labelled by a language model. */
        DISTILL,
        /** Answers over HTTP. */
        CONSOLE
    }

    /** {@code metaie.control.*}. */
    interface Control {

        /** {@code metaie.control.max-bytes}: longer commands are rejected; what the control topic takes by default. */
        @WithDefault("4194304")
        int maxBytes();
    }

    /** {@code metaie.documents.*}. */
    interface Documents {

        /** {@code metaie.documents.from}: where a new consumer group begins. */
        @WithDefault("earliest")
        From from();
    }

    /** Where a new consumer group begins. */
    enum From {
        /** At the earliest record there is. */
        EARLIEST,
        /** Behind the latest record there is at the first start. */
        LATEST
    }

    /** {@code metaie.lane.*}. */
    interface Lane {

        /** {@code metaie.lane.target}: how much tagging, in time, is committed in one transaction. */
        @WithDefault("250ms")
        Duration target();

        /** {@code metaie.lane.stall}: how long a lane may wait for a tagger that does nothing; then liveness fails. */
        @WithDefault("5m")
        Duration stall();
    }
}
