package io.metaie.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
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
    Batch batch();

    /** {@code metaie.adapters.*}: the tasks' weights in memory. */
    Adapters adapters();

    /** {@code metaie.document.*}: what one document may need. */
    Document document();

    /** {@code metaie.http.*}: requests over HTTP. */
    Http http();

    /** {@code metaie.default-task.*}: what is asked of documents that name neither labels nor a task. */
    DefaultTask defaultTask();

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
    Training training();

    /** {@code metaie.kafka.*}: the broker inside this process. */
    Kafka kafka();

    /** {@code metaie.topics.*}: the names of the topics, and whether missing ones are created. */
    Topics topics();

    /** {@code metaie.batch.*}. */
    interface Batch {

        /**
         * {@code metaie.batch.workers}: threads that run batches, one each at a time. By default the processor's cores, 2
         * on a GPU.
         */
        OptionalInt workers();

        /** {@code metaie.batch.tokens}: the token budget of a batch. By default 512, 8192 on a GPU. */
        OptionalInt tokens();

        /**
         * {@code metaie.batch.window}: how many queries of the stream are sorted by length together. By default 256, 2048 on
         * a GPU.
         */
        OptionalInt window();

        /** {@code metaie.batch.max-delay}: how long a query waits for company while the budget is not full. */
        @WithDefault("2ms")
        Duration maxDelay();

        /** {@code metaie.batch.admitted}: queries in memory at once; documents beyond wait for their turn. */
        @WithDefault("20000")
        int admitted();
    }

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

    /** {@code metaie.http.*}. */
    interface Http {

        /** {@code metaie.http.requests}: extractions in work at once; more are answered with 503 and come again. */
        @WithDefault("64")
        int requests();

        /**
         * {@code metaie.http.control}: whether commands are taken over HTTP. By default only with the embedded broker,
         * where nobody but this machine can reach it.
         */
        Optional<Boolean> control();

        /** {@code metaie.http.token}: commands over HTTP must bring it: {@code Authorization: Bearer <token>}. */
        Optional<String> token();

        /**
         * {@code metaie.http.protect-reads}: whether everything else below {@code /api} must bring the token, too. Health
         * and metrics never must.
         */
        @WithDefault("false")
        boolean protectReads();

        /**
         * {@code metaie.http.hosts}: the names under which this instance may be called, as browsers send them in
         * {@code Host}, without a port; requests with another are refused. By default, where it listens on the loopback
         * address only, {@code localhost}, {@code 127.0.0.1} and {@code [::1]}: else any page could reach it by a name
         * of its own that it lets point there. Elsewhere any.
         */
        Optional<Set<String>> hosts();

        /** {@code metaie.http.stream.*}: watching what is committed. */
        Stream stream();
    }

    /** {@code metaie.http.stream.*}. */
    interface Stream {

        /** {@code metaie.http.stream.clients}: who may watch at once; more are answered with 503. */
        @WithDefault("128")
        int clients();

        /** {@code metaie.http.stream.per-second}: extractions shown in a second; of more it is a sample. */
        @WithDefault("200")
        int perSecond();
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

    /** {@code metaie.default-task.*}. */
    interface DefaultTask {

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

    /** {@code metaie.training.*}. */
    interface Training {

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
