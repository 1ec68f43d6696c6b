package io.metaie.control;

import io.metaie.evaluation.Scores;
import io.metaie.label.LabelSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of commands. */
public sealed interface Event {

    /** The task and the command. */
    About about();

    /** A task is defined, and documents can name it from now on. */
    record TaskDefined(About about, LabelSet labels) implements Event {}

    /** A task is gone. */
    record TaskDeleted(About about) implements Event {}

    /**
     * An adaptation was accepted.
     *
     * @param version the version it will make
     * @param sentences what it learns from
     * @param spans how many spans they hold
     * @param skipped faulty examples that were left out
     * @param warnings what the publisher should know of the others
     */
    record AdaptationStarted(
            About about, int version, int sentences, int spans, int skipped, List<String> warnings) implements Event {}

    /** An adaptation has come so far. */
    record AdaptationProgress(About about, int version, int epoch, int epochs, double loss) implements Event {}

    /**
     * An adaptation made a version.
     *
     * @param f1 what the gate measured; empty when there were too few examples to measure on
     * @param seconds how long it took
     * @param activated whether it is in force from now on
     * @param reason why it is, or is not
     */
    record AdaptationCompleted(
            About about, int version, String model, Optional<Gate> f1, double seconds, boolean activated, String reason)
            implements Event {}

    /** An adaptation made nothing. */
    record AdaptationFailed(About about, int version, String reason) implements Event {}

    /** Another version is in force. */
    record AdapterActivated(About about, int version, int previous, String reason) implements Event {}

    /** A version cannot be used with the model that runs. */
    record AdapterIncompatible(About about, int version, String reason) implements Event {}

    /** A version was measured. */
    record EvaluationCompleted(About about, int version, Scores scores) implements Event {}

    /**
     * A command was not carried out.
     *
     * @param reason why not, for the publisher
     * @param command the record's value as it came, if it had one
     */
    record CommandRejected(About about, String reason, Optional<byte[]> command) implements Event {}

    /** F1 of one thing before and after an adaptation, 0 to 1. */
    record BeforeAfter(double before, double after) {}

    /**
     * What the gate measured on examples that were not trained on.
     *
     * @param total over all labels
     * @param labels of each label
     * @param sentences on how many sentences
     */
    record Gate(BeforeAfter total, Map<String, BeforeAfter> labels, int sentences) {}
}
