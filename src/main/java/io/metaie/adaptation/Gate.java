package io.metaie.adaptation;

import io.metaie.adaptation.AdaptationOptions.Activation;
import java.util.Optional;

/** Judges whether an adapted model is to be used. */
final class Gate {

    private Gate() {}

    /**
     * Judges.
     *
     * @param comparison what was measured, if there were enough examples to
     * @param why why nothing was measured, if so
     */
    static Verdict judge(Activation activation, Optional<Comparison> comparison, String why) {
        String measured = comparison.map(Comparison::toString).orElse("not gated: " + why);
        return switch (activation) {
            case ALWAYS -> new Verdict(true, "activated as asked (always); " + measured);
            case NEVER -> new Verdict(false, "not activated as asked (never); " + measured);
            case IF_BETTER -> comparison
                    .map(c -> new Verdict(c.isBetter(), (c.isBetter() ? "better: " : "not better: ") + measured))
                    .orElse(new Verdict(false, measured + "; not activated, since nothing says that it is better"));
        };
    }
}
