package io.metaie.distillation.http;

import io.metaie.config.DistillationConfig;
import io.metaie.config.LlmConfig;
import io.metaie.distillation.Prices;
import io.metaie.distillation.Template;
import java.util.Optional;
import java.util.OptionalDouble;
import org.eclipse.microprofile.config.Config;

/**
 * The teacher as it is configured.
 *
 * @param prices all 0 when none are configured
 * @param budget USD a calendar month
 */
public record TeacherSettings(Endpoint endpoint, Template template, Prices prices, OptionalDouble budget, int retries) {

    /**
     * Reads the settings.
     *
     * @param baseUrl where it listens
     * @param config all settings: the key must not be among those that others can read
     * @param budget what may be spent: then there must be prices
     * @throws IllegalArgumentException when they cannot be; the message names the setting
     */
    public static TeacherSettings of(LlmConfig llm, DistillationConfig distillation, String baseUrl, OptionalDouble budget,
            Config config) {
        OptionalDouble input = llm.price().input();
        OptionalDouble output = llm.price().output();
        if (budget.isPresent() && (input.isEmpty() || output.isEmpty())) {
            throw new IllegalArgumentException("a budget is set (metaie.llm.budget, --budget), but not what the teacher costs:"
                    + " set metaie.llm.price.input and metaie.llm.price.output, USD per million tokens");
        }
        if (budget.isPresent() && !(budget.getAsDouble() > 0)) {
            throw new IllegalArgumentException("the budget must be more than 0 USD, not " + budget.getAsDouble());
        }
        if (llm.concurrency() < 1 || llm.maxTokens() < 1 || llm.retries() < 0 || llm.timeout().toMillis() < 1) {
            throw new IllegalArgumentException("metaie.llm.concurrency, .max-tokens and .timeout must be positive, .retries 0"
                    + " or more");
        }
        Template template = template(llm, distillation);
        Endpoint endpoint = new Endpoint(
                Endpoint.address(baseUrl), llm.model(), ApiKey.ofEnvironment(config), llm.temperature(), llm.maxTokens(),
                llm.timeout(), llm.concurrency());
        return new TeacherSettings(endpoint, template, new Prices(input.orElse(0), output.orElse(0)), budget, llm.retries());
    }

    private static Template template(LlmConfig llm, DistillationConfig distillation) {
        try {
            return new Template(llm.system().filter(text -> !text.isBlank()), distillation.template().orElse(Template.PAPER));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("metaie.distillation.template: " + e.getMessage(), e);
        }
    }
}
