package io.metaie.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of an {@code adapt} command, as they go into it; whether they make sense is for its reader to say. */
final class AdaptationFlags {

    @Option(names = "--epochs", paramLabel = "N", description = "adapt: how often each example is seen.")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--learning-rate", paramLabel = "X", description = "adapt: the peak of the learning rate.")
    private Optional<Double> learningRate = Optional.empty();

    @Option(names = "--rank", paramLabel = "R", description = "adapt: the adapter's rank; by default 8.")
    private Optional<Integer> rank = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "adapt: of all random numbers; by default 0.")
    private Optional<Integer> seed = Optional.empty();

    @Option(names = "--holdout", paramLabel = "X", description = "adapt: the share of the sentences to measure on.")
    private Optional<Double> holdout = Optional.empty();

    @Option(names = "--activate", paramLabel = "if-better|always|never",
            description = "adapt: when the result is put in force; by default if-better.")
    private Optional<String> activate = Optional.empty();

    @Option(names = "--skip-invalid", description = "adapt: leave faulty examples out instead of rejecting all.")
    private boolean skipInvalid;

    boolean isEmpty() {
        return json().isEmpty();
    }

    ObjectNode json() {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        epochs.ifPresent(n -> options.put("epochs", n));
        learningRate.ifPresent(x -> options.put("learningRate", x));
        rank.ifPresent(n -> options.put("rank", n));
        seed.ifPresent(n -> options.put("seed", n));
        holdout.ifPresent(x -> options.put("holdout", x));
        activate.ifPresent(when -> options.put("activate", when));
        if (skipInvalid) {
            options.put("skipInvalid", true);
        }
        return options;
    }
}
