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
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;

/** {@code POST /api/control}: a command onto the control topic; what becomes of it is told on the events topic. */
@Path("/api/control")
public class ControlResource {

    private static final Logger LOG = Logger.getLogger(ControlResource.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final CommandPublisher publisher;
    private final CommandReader reader;
    private final int maxBytes;
    private final boolean open;
    private final Tokens tokens;

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
    public Uni<Response> control(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, InputStream body)
            throws IOException, InvalidCommandException {
        if (!open) {
            throw new NotFoundException();
        }
        if (!tokens.allow(Optional.ofNullable(authorization))) {
            throw new NotAuthorizedException("Bearer");
        }
        byte[] value = body.readNBytes(maxBytes + 1);
        if (value.length > maxBytes) {
            throw new ClientErrorException(Response.Status.REQUEST_ENTITY_TOO_LARGE);
        }
        Command command = reader.read(Optional.of(value));
        String id = command.commandId().orElseGet(() -> UUID.randomUUID().toString());
        byte[] record = command.commandId().isPresent() ? value : named(value, id);
        return Uni.createFrom().completionStage(() -> publisher.publish(command.task(), record))
                .onFailure().transform(failure -> {
                    LOG.warnf("A command over HTTP was answered with 503: %s", failure);
                    return new ServiceUnavailableException(1L);
                })
                .map(done -> Response.accepted(Map.of("commandId", id)).build());
    }

    private static byte[] named(byte[] command, String id) throws IOException {
        JsonNode json = JSON.readTree(command);
        return ((ObjectNode) json).put("commandId", id).toString().getBytes(UTF_8);
    }
}
