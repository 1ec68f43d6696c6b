package io.metaie.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.label.LabelSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What may be asked of tasks. */
public sealed interface Command {

    /** The task, a valid name. */
    String task();

    /** The publisher's own id of this command; the same one is carried out once. */
    Optional<String> commandId();

    /** What events about it say they are about. */
    default About about() {
        return new About(Optional.of(task()), commandId());
    }

    /**
     * Defines a task, or its labels anew.
     *
     * @param labels what it asks; never empty
     * @param threshold spans with a lower score are left out, 0 to 1
     * @param exclusive whether its labels exclude one another
     */
    record DefineTask(String task, Optional<String> commandId, LabelSet labels, double threshold, boolean exclusive)
            implements Command {}

    /** Deletes a task, its versions with it. */
    record DeleteTask(String task, Optional<String> commandId) implements Command {}

    /** Adapts a task to examples. */
    record Adapt(String task, Optional<String> commandId, Learn from, AdaptOptions options) implements Command {}

    /**
     * Puts a version in force.
     *
     * @param version 0 is the meta-model itself
     */
    record Activate(String task, Optional<String> commandId, int version) implements Command {}

    /**
     * Measures a version.
     *
     * @param version the active one if none is named
     * @param examples as they are written; at least one
     */
    record Evaluate(String task, Optional<String> commandId, OptionalInt version, List<JsonNode> examples)
            implements Command {
        public Evaluate {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Makes a version of an adapter that was made elsewhere. Its file is longer than a command may be, so its parts are
     * put on the adapters' topic first, under {@code <task>/upload-<id>/<part>}.
     *
     * @param upload the id under which the parts were put
     * @param parts how many there are
     * @param sha256 of all of them together
     * @param activate whether the version is put in force: {@code ALWAYS} or {@code NEVER}, for there is nothing to
     *     measure it on
     */
    record Import(String task, Optional<String> commandId, String upload, int parts, String sha256,
            AdaptOptions.Activation activate) implements Command {

        /** What ids of uploads look like. */
        public static final Pattern UPLOAD = Pattern.compile("[A-Za-z0-9-]{1,64}");
        /** What hashes look like. */
        public static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
        /** So many parts at most. */
        public static final int MAX_PARTS = 10_000;

        static final List<AdaptOptions.Activation> CHOICES =
                List.of(AdaptOptions.Activation.ALWAYS, AdaptOptions.Activation.NEVER);
    }

    /** What an adaptation learns from. */
    sealed interface Learn {

        /**
         * Examples in the command itself.
         *
         * @param examples as they are written; at least one
         */
        record Examples(List<JsonNode> examples) implements Learn {
            public Examples {
                examples = List.copyOf(examples);
            }
        }

        /**
         * Examples collected from a teacher.
         *
         * @param labels the task's label for each of the teacher's; the same names if empty
         * @param limit so many at most
         * @param since none older, ISO 8601
         */
        record Distilled(Map<String, String> labels, OptionalInt limit, Optional<java.time.Instant> since)
                implements Learn {
            public Distilled {
                labels = Map.copyOf(labels);
            }
        }
    }
}
