package io.metaie.distillation;

import io.metaie.distillation.TeacherAnswer.Usage;
import java.nio.charset.StandardCharsets;

/**
 * What the teacher costs.
 *
 * @param input USD per million tokens read
 * @param output USD per million tokens written
 */
public record Prices(double input, double output) {

    /** It costs nothing. */
    public static final Prices FREE = new Prices(0, 0);

    private static final double MILLION = 1e6;
    /** What a chat's frame takes beside the messages' own tokens, roles and separators, generously. */
    private static final int FRAME_TOKENS = 32;

    /** @throws IllegalArgumentException when a price is negative or no number */
    public Prices {
        if (!(input >= 0 && output >= 0 && input + output < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("prices must be 0 or more, not " + input + " and " + output);
        }
    }

    /**
     * The most a call can cost: no tokenizer makes more tokens of a text than it has bytes.
     *
     * @param maxTokens the longest answer
     */
    public double worst(Question question, int maxTokens) {
        long bytes = bytes(question.message()) + question.system().map(Prices::bytes).orElse(0L);
        return of(bytes + FRAME_TOKENS, maxTokens);
    }

    /**
     * What a call cost: what the endpoint says, else by its tokens. An endpoint that says 0 where prices are set, as some
     * proxies do, is not believed.
     *
     * @param worst what it is taken to have cost when nothing is said
     */
    public double of(Usage usage, double worst) {
        if (usage.cost().isPresent() && (usage.cost().get() > 0 || input + output == 0)) {
            return usage.cost().get();
        }
        return usage.promptTokens().isPresent() && usage.completionTokens().isPresent()
                ? of(usage.promptTokens().getAsLong(), usage.completionTokens().getAsLong()) : worst;
    }

    private double of(long read, long written) {
        return (read * input + written * output) / MILLION;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
