package io.metaie.kafka;

import io.metaie.config.TopicsConfig;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidTopicException;

/** How the topics are called: the one place from which every reader and writer takes a name. */
public final class Topics {

    private static final String DEAD_LETTERS = ".dead-letters";

    private final Map<Topic, String> names = new EnumMap<>(Topic.class);

    /**
     * @throws IllegalArgumentException when a name is not one Kafka allows, or two topics would be the same: a service
     *     that read what it writes would never end
     */
    public Topics(TopicsConfig configured) {
        names.put(Topic.DOCUMENTS, configured.documents());
        names.put(Topic.DOCUMENTS_DEAD_LETTERS, deadLetters(configured.documents()));
        names.put(Topic.SPANS, configured.spans());
        names.put(Topic.CONTROL, configured.control());
        names.put(Topic.EVENTS, configured.events());
        names.put(Topic.TASKS, configured.tasks());
        names.put(Topic.ADAPTERS, configured.adapters());
        names.put(Topic.DISTILLATION_REQUESTS, configured.distillationRequests());
        names.put(Topic.DISTILLATION_REQUESTS_DEAD_LETTERS, deadLetters(configured.distillationRequests()));
        names.put(Topic.DISTILLATION_EXAMPLES, configured.distillationExamples());
        names.put(Topic.DISTILLATION_ANSWERS, configured.distillationAnswers());
        check();
    }

    public String name(Topic topic) {
        return names.get(topic);
    }

    public String documents() {
        return name(Topic.DOCUMENTS);
    }

    public String spans() {
        return name(Topic.SPANS);
    }

    public String control() {
        return name(Topic.CONTROL);
    }

    public String events() {
        return name(Topic.EVENTS);
    }

    public String tasks() {
        return name(Topic.TASKS);
    }

    public String adapters() {
        return name(Topic.ADAPTERS);
    }

    public String distillationRequests() {
        return name(Topic.DISTILLATION_REQUESTS);
    }

    public String distillationExamples() {
        return name(Topic.DISTILLATION_EXAMPLES);
    }

    public String distillationAnswers() {
        return name(Topic.DISTILLATION_ANSWERS);
    }

    /** Where the records of an input topic go that cannot be read. */
    public static String deadLetters(String input) {
        return input + DEAD_LETTERS;
    }

    private void check() {
        Map<String, Topic> seen = new HashMap<>();
        names.forEach((topic, name) -> {
            try {
                org.apache.kafka.common.internals.Topic.validate(name);
            } catch (InvalidTopicException e) {
                throw new IllegalArgumentException(
                        "metaie.topics." + topic.key() + ": '" + name + "' is not a topic name: " + e.getMessage(), e);
            }
            Topic other = seen.putIfAbsent(name, topic);
            if (other != null) {
                throw new IllegalArgumentException("metaie.topics." + other.key() + " and metaie.topics." + topic.key()
                        + " are both '" + name + "': each topic needs a name of its own");
            }
        });
    }
}
