package io.metaie.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** {@code metaie.topics.*}: names. Dead letters go to {@code <input topic>.dead-letters}. */
public interface TopicsConfig {

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
