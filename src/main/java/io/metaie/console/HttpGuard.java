package io.metaie.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What holds for every request, before anything reads it: what a browser may do with the answer, which names the request
 * may use, that no other site's page writes, that reading needs the token where it does, and that nothing but operations
 * is answered on an instance without the role {@code console}.
 */
@ApplicationScoped
class HttpGuard {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FIRST = 1_000;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    /** A page of this origin, or no page at all: an address typed or a bookmark. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final boolean on;
    private final Set<String> hosts;
    private final Tokens tokens;
    private final String policy;

    HttpGuard(MetaieConfig config, Tokens tokens, @ConfigProperty(name = "quarkus.http.host") Optional<String> listensOn) {
        if (config.http().protectReads() && !tokens.isSet()) {
            throw new ConfigurationException("metaie.http.protect-reads is true, but there is no metaie.http.token to ask for");
        }
        this.on = config.roles().contains(Role.CONSOLE);
        this.hosts = config.http().hosts().orElse(
                listensOn.filter(host -> host.equals("localhost") || host.startsWith("127.") || host.equals("::1")).isPresent()
                        ? LOOPBACK : Set.of());
        this.tokens = tokens;
        this.policy = ConsolePage.packaged().contentSecurityPolicy();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .putHeader("Content-Security-Policy", policy);
        String path = context.normalizedPath();
        if (!path.startsWith("/webjars/") && !path.startsWith("/_static/")) {
            // Their paths hold versions; all else may be another tomorrow.
            context.addHeadersEndHandler(end -> response.putHeader(HttpHeaders.CACHE_CONTROL, fresh(response)));
        }
        if (path.startsWith("/q/")) {
            context.next();
            return;
        }
        boolean api = path.startsWith("/api/");
        if (!on) {
            refuse(context, Status.NOT_FOUND, "not-found", "this instance does not answer over HTTP");
        } else if (!hosts.isEmpty() && !hosts.contains(name(authority(request)))) {
            refuse(context, Status.FORBIDDEN, "unknown-host",
                    "this instance is not called so; metaie.http.hosts says how it is");
        } else if (!READS.contains(request.method()) && isForeign(request)) {
            refuse(context, Status.FORBIDDEN, "cross-origin", "pages of other sites may not write here");
        } else if (api && tokens.protectReads()
                && !tokens.allow(Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)))) {
            response.putHeader("WWW-Authenticate", "Bearer");
            refuse(context, Status.UNAUTHORIZED, "unauthorized", "this needs the token");
        } else {
            context.next();
        }
    }

    private static String fresh(HttpServerResponse response) {
        String said = response.headers().get(HttpHeaders.CACHE_CONTROL);
        return said != null && said.contains("no-store") ? said : "no-cache";
    }

    /** Whether another site's page sent it. Browsers say so; programs say nothing. */
    private static boolean isForeign(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN_SITES.contains(site);
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            return !String.valueOf(URI.create(origin).getAuthority()).equalsIgnoreCase(authority(request));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** How the request calls us: the header Host, or, in HTTP/2, what has taken its place. */
    private static String authority(HttpServerRequest request) {
        return request.authority() == null ? "" : request.authority().toString();
    }

    /** A host without its port. */
    private static String name(String host) {
        int port = host.lastIndexOf(':');
        return (port > host.lastIndexOf(']') ? host.substring(0, port) : host).toLowerCase(Locale.ROOT);
    }

    private static void refuse(RoutingContext context, Status status, String kind, String detail) {
        Problem problem = Problem.of(kind, status, detail);
        // What is left of a body that nobody reads would be taken for the next request.
        boolean body = !READS.contains(context.request().method());
        if (body) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        try {
            context.response().setStatusCode(status.getStatusCode())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
