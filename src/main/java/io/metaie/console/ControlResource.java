package io.metaie.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.config.MetaieConfig;
import io.metaie.control.Command;
import io.metaie.control.CommandPublisher;
import io.metaie.control.CommandReader;
import io.metaie.control.InvalidCommandException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;

/** {@code POST /api/control}: a command onto the control topic; what becomes of it is told on the events topic. */
@Path("/api/control")
public class ControlResource {

    private static final Logger LOG = Logger.getLogger(ControlResource.class);
    private static final JsonMapper JSON = new JsonMapper();
    /** Commands in work at once, each of which may be large; more are answered with 503 and come again. */
    private static final int AT_ONCE = 8;

    private final CommandPublisher publisher;
    private final CommandReader reader;
    private final int maxBytes;
    private final boolean open;
    private final Tokens tokens;
    private final Semaphore room = new Semaphore(AT_ONCE);

    ControlResource(CommandPublisher publisher, MetaieConfig config, Tokens tokens) {
        this.publisher = publisher;
        this.maxBytes = config.control().maxBytes();
        this.reader = new CommandReader(maxBytes);
        this.open = config.http().control().orElse(false);
        this.tokens = tokens;
    }

    /**
     * Publishes a command.
     *
     * @param body the command as on the control topic; one without an id is given one
     * @return the command's id, by which its events are known
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Publish a command about a task")
    @APIResponse(responseCode = "202", description = "The command is on the control topic")
    @APIResponse(responseCode = "400", description = "Not a command; the detail says why")
    @APIResponse(responseCode = "401", description = "The token is missing or wrong")
    @APIResponse(responseCode = "404", description = "Commands are not taken over HTTP")
    @APIResponse(responseCode = "413", description = "The command is too large")
    @APIResponse(responseCode = "503", description = "The brokers do not take it, or too many come at once; Retry-After says when to try again")
    public Uni<Response> control(@Context HttpServerRequest http, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            InputStream body) throws IOException, InvalidCommandException {
        if (!open) {
            BoundedBody.leave(http, body);
            throw new NotFoundException();
        }
        if (!tokens.allow(Optional.ofNullable(authorization))) {
            BoundedBody.leave(http, body);
            throw new NotAuthorizedException("Bearer");
        }
        // Before the body is read, which may be large: who may send commands could do worse than to hold a place.
        if (!room.tryAcquire()) {
            BoundedBody.leave(http, body);
            throw new ServiceUnavailableException(1L);
        }
        try {
            byte[] value = BoundedBody.read(http, body, maxBytes, "command");
            Command command = reader.read(Optional.of(value));
            String id = command.commandId().orElseGet(() -> UUID.randomUUID().toString());
            CompletableFuture<Void> published =
                    publisher.publish(command.task(), command.commandId().isPresent() ? value : named(value, id));
            published.whenComplete((done, failure) -> room.release());
            return Uni.createFrom().completionStage(published)
                    .onFailure().transform(failure -> {
                        LOG.warnf("A command over HTTP was answered with 503: %s", failure);
                        return new ServiceUnavailableException(1L);
                    })
                    .map(done -> Response.accepted(Map.of("commandId", id)).build());
        } catch (IOException | InvalidCommandException | RuntimeException | Error e) {
            room.release();
            throw e;
        }
    }

    private static byte[] named(byte[] command, String id) throws IOException {
        JsonNode json = JSON.readTree(command);
        return ((ObjectNode) json).put("commandId", id).toString().getBytes(UTF_8);
    }
}
