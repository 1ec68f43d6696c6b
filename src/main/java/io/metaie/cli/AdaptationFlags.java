package io.metaie.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of an {@code adapt} command, as they go into it; whether they make sense is for its reader to say. */
final class AdaptationFlags {

    private static final String ACTIVATE = "activate";

    @Mixin
    private LearningFlags learning = new LearningFlags();

    @Option(names = "--rank", paramLabel = "R", description = "The adapter's rank; by default 8.")
    private Optional<Integer> rank = Optional.empty();

    @Option(names = "--activate", paramLabel = "if-better|always|never",
            description = "adapt, import: when the result is put in force; by default if-better, of an import always.")
    private Optional<String> activate = Optional.empty();

    @Option(names = "--skip-invalid", description = "Leave faulty examples out instead of rejecting all.")
    private boolean skipInvalid;

    /** Nothing is given. */
    boolean isEmpty() {
        return json().isEmpty();
    }

    /** Nothing is given but when the result is put in force. */
    boolean isOnlyActivate() {
        return json().without(ACTIVATE).isEmpty();
    }

    Optional<String> activate() {
        return activate;
    }

    ObjectNode json() {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        learning.epochs().ifPresent(n -> options.put("epochs", n));
        learning.learningRate().ifPresent(x -> options.put("learningRate", x));
        rank.ifPresent(n -> options.put("rank", n));
        learning.seed().ifPresent(n -> options.put("seed", n));
        learning.holdout().ifPresent(x -> options.put("holdout", x));
        activate.ifPresent(when -> options.put(ACTIVATE, when));
        if (skipInvalid) {
            options.put("skipInvalid", true);
        }
        return options;
    }
}
