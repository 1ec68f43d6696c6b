package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.Set;

/** {@code metaie.http.*}: requests over HTTP. */
public interface HttpConfig {

    /** {@code metaie.http.requests}: extractions in work at once; more are answered with 503 and come again. */
    @WithDefault("64")
    int requests();

    /**
     * {@code metaie.http.control}: whether commands are taken over HTTP. By default only with the embedded broker,
     * where nobody but this machine can reach it.
     */
    Optional<Boolean> control();

    /** {@code metaie.http.token}: commands over HTTP must bring it: {@code Authorization: Bearer <token>}. */
    Optional<String> token();

    /**
     * {@code metaie.http.protect-reads}: whether everything else below {@code /api} must bring the token, too. Health
     * and metrics never must.
     */
    @WithDefault("false")
    boolean protectReads();

    /**
     * {@code metaie.http.hosts}: the names under which this instance may be called, as browsers send them in
     * {@code Host}, without a port; requests with another are refused. By default, where it listens on the loopback
     * address only, {@code localhost}, {@code 127.0.0.1} and {@code [::1]}: else any page could reach it by a name
     * of its own that it lets point there. Elsewhere any.
     */
    Optional<Set<String>> hosts();

    /** {@code metaie.http.stream.*}: watching what is committed. */
    Stream stream();

    /** {@code metaie.http.stream.*}. */
    interface Stream {

        /** {@code metaie.http.stream.clients}: who may watch at once; more are answered with 503. */
        @WithDefault("128")
        int clients();

        /** {@code metaie.http.stream.per-second}: extractions shown in a second; of more it is a sample. */
        @WithDefault("200")
        int perSecond();
    }
}
