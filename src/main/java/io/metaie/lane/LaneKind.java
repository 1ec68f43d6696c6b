package io.metaie.lane;

import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.kafka.Topic;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The kinds of lanes there are: what each reads and writes, and what it is called. */
enum LaneKind {

    /** Documents in, extractions out. */
    EXTRACTION(LaneChannels.DOCUMENTS, "", Topic.DOCUMENTS, Topic.DOCUMENTS_DEAD_LETTERS, Topic.SPANS,
            "io.metaie.extraction.v1"),
    /** Texts for the teacher in, examples out. */
    DISTILLATION(LaneChannels.REQUESTS, "distill-", Topic.DISTILLATION_REQUESTS, Topic.DISTILLATION_REQUESTS_DEAD_LETTERS,
            Topic.DISTILLATION_EXAMPLES, "io.metaie.example.v1");

    private final String channel;
    private final String prefix;
    private final Topic input;
    private final Topic deadLetters;
    private final Topic output;
    private final String answerType;

    LaneKind(String channel, String prefix, Topic input, Topic deadLetters, Topic output, String answerType) {
        this.channel = channel;
        this.prefix = prefix;
        this.input = input;
        this.deadLetters = deadLetters;
        this.output = output;
        this.answerType = answerType;
    }

    /** The channel its lanes' channels are copies of. */
    String channel() {
        return channel;
    }

    Topic input() {
        return input;
    }

    Topic deadLetters() {
        return deadLetters;
    }

    Topic output() {
        return output;
    }

    Set<Topic> topics() {
        return Collections.unmodifiableSet(EnumSet.of(input, deadLetters, output));
    }

    /** What an answer is called as a CloudEvent. */
    String answerType() {
        return answerType;
    }

    /** The consumer group its lanes are in. */
    String group(MetaieConfig config) {
        return config.application() + (this == EXTRACTION ? "" : "-distill");
    }

    /** What a lane is called in health checks and logs. */
    String lane(int number) {
        return prefix + number;
    }

    /** What a lane is called on the broker: {@code <application>-<instance>-<lane>}, the same at every start. */
    String id(MetaieConfig config, int number) {
        return config.application() + "-" + InstanceName.of(config) + "-" + lane(number);
    }
}
