package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code metaie.llm.*}: the language model that teaches, at any endpoint that speaks OpenAI's chat completions.
 */
public interface LlmConfig {

    /**
     * {@code metaie.llm.base-url}: where it listens, ending in {@code /v1}. Without it nothing is distilled. It appears in
     * logs: a user name or password in it is refused.
     */
    Optional<String> baseUrl();

    /** {@code metaie.llm.model}: what it is called there. */
    @WithDefault("gpt-4o-mini")
    String model();

    /**
     * {@code metaie.llm.api-key}: its key, if it wants one. Only from the environment, as {@code METAIE_LLM_API_KEY}: in
     * files and arguments others can read it, so there it is refused.
     */
    Optional<String> apiKey();

    /** {@code metaie.llm.system}: what it is told before every message. */
    Optional<String> system();

    /** {@code metaie.llm.temperature}: 0 for its likeliest answer. */
    @WithDefault("0")
    double temperature();

    /** {@code metaie.llm.max-tokens}: the longest answer. */
    @WithDefault("512")
    int maxTokens();

    /** {@code metaie.llm.timeout}: of one call, from the first byte sent to the last received. */
    @WithDefault("60s")
    Duration timeout();

    /** {@code metaie.llm.concurrency}: calls at once, from this instance. */
    @WithDefault("8")
    int concurrency();

    /** {@code metaie.llm.retries}: how often a call is made again that failed for no fault of its own. */
    @WithDefault("5")
    int retries();

    /**
     * {@code metaie.llm.budget}: USD a calendar month (UTC), of all instances together. Needs prices. Spent, requests wait
     * for the next month, or for a higher one.
     */
    OptionalDouble budget();

    /** {@code metaie.llm.price.*}: what it costs. */
    Price price();

    /** {@code metaie.llm.price.*}. */
    interface Price {

        /** {@code metaie.llm.price.input}: USD per million tokens read. */
        OptionalDouble input();

        /** {@code metaie.llm.price.output}: USD per million tokens written. */
        OptionalDouble output();
    }
}
