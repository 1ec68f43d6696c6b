package io.metaie.distillation.http;

import java.net.URI;
import java.net.URISyntaxException;
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

    private static final String SETTING = "metaie.llm.base-url";
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException when nothing can listen there */
    public Endpoint {
        boolean http = "http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme());
        // Not even in a message that refuses it may a password be repeated.
        if (baseUrl.getRawAuthority() != null && baseUrl.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException(SETTING + " must not hold a user name or password, since it appears in logs; a key"
                    + " is given as the environment variable " + ApiKey.VARIABLE);
        }
        if (baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(SETTING + " must end in /v1, without ? or #");
        }
        if (!http || baseUrl.getHost() == null || baseUrl.getPort() == 0 || baseUrl.getPort() > MAX_PORT) {
            throw new IllegalArgumentException(SETTING + " must be http://… or https://…, not " + baseUrl);
        }
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException when it is none; the message does not repeat it, since it may hold a password
     */
    static URI address(String baseUrl) {
        try {
            return new URI(baseUrl.strip());
        } catch (URISyntaxException e) {
            // Without its cause, which would repeat it.
            throw new IllegalArgumentException(SETTING + " is no URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
    }

    /** Where questions go. */
    URI completions() {
        String base = baseUrl.toString();
        return URI.create(base.endsWith("/") ? base + "chat/completions" : base + "/chat/completions");
    }
}
