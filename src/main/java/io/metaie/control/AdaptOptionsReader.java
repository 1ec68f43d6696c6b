package io.metaie.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.control.AdaptOptions.Activation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the options of an adaptation. */
final class AdaptOptionsReader {

    private static final List<String> KNOWN =
            List.of("epochs", "learningRate", "rank", "seed", "holdout", "activate", "skipInvalid");

    private AdaptOptionsReader() {}

    static AdaptOptions read(CommandFields options) throws InvalidCommandException {
        options.only(Set.copyOf(KNOWN), String.join(", ", KNOWN));
        OptionalInt seed = options.whole("seed", 0, Integer.MAX_VALUE);
        return new AdaptOptions(
                options.whole("epochs", 1, AdaptOptions.MAX_EPOCHS),
                options.number("learningRate", Double.MIN_VALUE, AdaptOptions.MAX_LEARNING_RATE,
                        "above 0, " + (long) AdaptOptions.MAX_LEARNING_RATE + " at most"),
                options.whole("rank", 1, AdaptOptions.MAX_RANK),
                seed.isPresent() ? OptionalLong.of(seed.getAsInt()) : OptionalLong.empty(),
                options.number("holdout", 0, Math.nextDown(1.0), "from 0 to below 1"),
                activate(options, List.of(Activation.values())),
                options.truth("skipInvalid"));
    }

    /**
     * When a version is put in force.
     *
     * @param choices what may be asked for; the first of them if nothing is
     */
    static Activation activate(CommandFields fields, List<Activation> choices) throws InvalidCommandException {
        Optional<JsonNode> given = fields.get("activate");
        if (given.isEmpty()) {
            return choices.get(0);
        }
        return given.map(JsonNode::textValue).flatMap(Activation::of).filter(choices::contains)
                .orElseThrow(() -> fields.fault("\"activate\" must be one of "
                        + choices.stream().map(choice -> "\"" + choice.wireName() + "\"").collect(Collectors.joining(", "))
                        + ", not " + CommandFields.shortened(given.get().toString())));
    }
}
