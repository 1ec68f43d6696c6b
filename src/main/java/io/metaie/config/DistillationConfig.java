package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** {@code metaie.distillation.*}: what is learned from the language model. */
public interface DistillationConfig {

    /**
     * {@code metaie.distillation.template}: what it is told about a sentence, which stands for {@code {sentence}}. By default
     * the paper's prompt: see {@code io.metaie.distillation.Template}.
     */
    Optional<String> template();

    /**
     * {@code metaie.distillation.lanes}: how many consumers read requests, each with a producer of its own. Two let one ask
     * while the other waits for its last answers.
     */
    @WithDefault("2")
    int lanes();

    /**
     * {@code metaie.distillation.max-sentences}: requests of more are dead-lettered as {@code too-large}. All examples and dead
     * letters of a request are one transaction.
     */
    @WithDefault("1000")
    int maxSentences();

    /** {@code metaie.distillation.sample.*}: requests made of the documents that stream through. */
    Sample sample();

    /** {@code metaie.distillation.sample.*}. */
    interface Sample {

        /** {@code metaie.distillation.sample.rate}: the share of the sentences that are requested, 0 for none, 1 for all. */
        @WithDefault("0")
        double rate();

        /** {@code metaie.distillation.sample.by}: which sentences are preferred. */
        @WithDefault("random")
        By by();

        /** {@code metaie.distillation.sample.per-hour}: no more than this, by this instance. */
        @WithDefault("1000")
        int perHour();
    }

    /** Which sentences are preferred. */
    enum By {
        /** Any. */
        RANDOM,
        /** Those whose tags the model was least sure of. */
        UNCERTAINTY
    }
}
