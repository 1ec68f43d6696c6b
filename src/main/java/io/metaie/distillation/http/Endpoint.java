package io.metaie.distillation.http;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a teacher listens, and how it is asked.
 *
 * @param baseUrl ends in {@code /v1}
 * @param key what it wants to see, if anything
 * @param temperature 0 for the likeliest answer
 * @param maxTokens the longest answer
 * @param timeout of one call, from the first byte sent to the last received
 * @param connections how many calls at once
 */
public record Endpoint(URI baseUrl, String model, Optional<ApiKey> key, double temperature, int maxTokens,
        Duration timeout, int connections) {

    /** @throws IllegalArgumentException when nothing can listen there */
    public Endpoint {
        boolean http = "http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme());
        if (!http || baseUrl.getHost() == null) {
            throw new IllegalArgumentException("metaie.llm.base-url must be http://… or https://…, not " + baseUrl);
        }
    }

    /** Where questions go. */
    URI completions() {
        String base = baseUrl.toString();
        return URI.create(base.endsWith("/") ? base + "chat/completions" : base + "/chat/completions");
    }
}
