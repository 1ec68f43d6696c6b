package io.metaie.cli;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** How an adaptation learns, whether it runs here or in the service. */
final class LearningFlags {

    @Option(names = "--epochs", paramLabel = "N",
            description = "How often each example is seen; by default what makes 150 steps, and at least 3.")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--learning-rate", paramLabel = "X",
            description = "The peak; by default 0.002, where every weight is trained 0.0002.")
    private Optional<Double> learningRate = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Of all random numbers; by default 0.")
    private Optional<Integer> seed = Optional.empty();

    @Option(names = "--holdout", paramLabel = "X",
            description = "The share of the sentences to measure on, 0 for none; by default what their number allows.")
    private Optional<Double> holdout = Optional.empty();

    OptionalInt epochs() {
        return epochs.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    OptionalDouble learningRate() {
        return learningRate.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    OptionalInt seed() {
        return seed.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    OptionalDouble holdout() {
        return holdout.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
