package io.metaie.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.metaie.task.TaskRegistry;
import io.metaie.task.TaskStateJson;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;

/** {@code GET /api/tasks}: the tasks that commands defined, as everything committed before the request left them. */
@Path("/api/tasks")
@Produces(MediaType.APPLICATION_JSON)
public class TasksResource {

    private static final Logger LOG = Logger.getLogger(TasksResource.class);
    private static final long PATIENCE_SECONDS = 5;

    private final TaskRegistry registry;

    TasksResource(TaskRegistry registry) {
        this.registry = registry;
    }

    /** Every task, by name. */
    @GET
    @Operation(summary = "The tasks: their labels, threshold and versions")
    @APIResponse(responseCode = "200", description = "The tasks")
    @APIResponse(responseCode = "503", description = "The tasks are not known now")
    public Uni<JsonNode> all() {
        return present().map(known -> {
            ArrayNode tasks = JsonNodeFactory.instance.arrayNode();
            registry.all().forEach(task -> tasks.add(TaskStateJson.shown(task)));
            return tasks;
        });
    }

    /**
     * One task.
     *
     * @param task its name, URL-encoded in the path
     */
    @GET
    @Path("{task}")
    @Operation(summary = "One task: its labels, threshold and versions")
    @APIResponse(responseCode = "200", description = "The task")
    @APIResponse(responseCode = "404", description = "There is no such task")
    public Uni<JsonNode> one(@PathParam("task") String task) {
        return present().map(known -> registry.state(task).map(TaskStateJson::shown)
                .orElseThrow(NotFoundException::new));
    }

    private Uni<Void> present() {
        return Uni.createFrom()
                .completionStage(() -> registry.present().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .onFailure().transform(failure -> {
                    LOG.warnf("A request for the tasks was answered with 503: %s", failure);
                    return new ServiceUnavailableException();
                });
    }
}
