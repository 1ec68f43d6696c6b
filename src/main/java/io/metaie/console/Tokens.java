package io.metaie.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.config.MetaieConfig;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Optional;

/** Who may do what: the bearer token, if one is set. */
@Singleton
final class Tokens {

    private static final String BEARER = "Bearer ";

    private final Optional<String> token;
    private final boolean reads;

    Tokens(MetaieConfig config) {
        this.token = config.http().token().filter(given -> !given.isBlank());
        this.reads = config.http().protectReads();
    }

    /** Whether there is a token. */
    boolean isSet() {
        return token.isPresent();
    }

    /** Whether reading needs it. */
    boolean protectReads() {
        return reads;
    }

    /**
     * Whether a request may do what needs the token.
     *
     * @param authorization its header
     */
    boolean allow(Optional<String> authorization) {
        // Compared in constant time: how long a refusal takes tells nothing of the token.
        return token.isEmpty() || authorization.filter(given -> given.startsWith(BEARER)
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).getBytes(UTF_8), token.get().getBytes(UTF_8))).isPresent();
    }
}
