package io.metaie.kafka;

/** The topics of the service by what they carry; {@link Topics} says how they are called here. */
public enum Topic {
    DOCUMENTS("documents"),
    DOCUMENTS_DEAD_LETTERS("documents.dead-letters"),
    SPANS("spans"),
    CONTROL("control"),
    EVENTS("events"),
    TASKS("tasks"),
    ADAPTERS("adapters"),
    DISTILLATION_REQUESTS("distillation.requests"),
    DISTILLATION_REQUESTS_DEAD_LETTERS("distillation.requests.dead-letters"),
    DISTILLATION_EXAMPLES("distillation.examples"),
    DISTILLATION_ANSWERS("distillation.answers");

    private final String key;

    Topic(String key) {
        this.key = key;
    }

    /** Its key in {@code kafka/topics.yaml}, and below {@code metaie.topics}. */
    public String key() {
        return key;
    }
}
