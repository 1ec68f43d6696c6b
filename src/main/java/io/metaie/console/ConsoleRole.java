package io.metaie.console;

import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Answers nothing on an instance that is not to: {@code metaie.roles} without {@code console}. */
class ConsoleRole {

    private final boolean on;

    ConsoleRole(MetaieConfig config) {
        this.on = config.roles().contains(Role.CONSOLE);
    }

    @ServerRequestFilter
    Optional<Response> refuse(ContainerRequestContext request) {
        return on
                ? Optional.empty()
                : Optional.of(Problem.of(Status.NOT_FOUND, "not-found", "this instance does not answer over HTTP"));
    }
}
