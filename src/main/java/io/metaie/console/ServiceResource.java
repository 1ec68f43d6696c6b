package io.metaie.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.engine.Engine;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import io.metaie.task.TaskDefinition;
import io.metaie.task.TaskStateJson;
import io.metaie.task.Tasks;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code GET /api/service}: what this instance is, and what it lets a page do. */
@Path("/api/service")
@Produces(MediaType.APPLICATION_JSON)
public class ServiceResource {

    private final MetaieConfig config;
    private final Engine engine;
    private final Topics topics;
    private final Tasks tasks;
    private final Tokens tokens;
    private final String bootstrap;

    ServiceResource(MetaieConfig config, Engine engine, Topics topics, Tasks tasks, Tokens tokens, KafkaClients clients) {
        this.config = config;
        this.engine = engine;
        this.topics = topics;
        this.tasks = tasks;
        this.tokens = tokens;
        this.bootstrap = clients.settings().bootstrapServers().orElse("");
    }

    /** {@code {"instance","model","device","precision","roles","control":{"open","token","why"},"protectReads","topics":{…},"bootstrap"}}. */
    @GET
    @Blocking
    @Operation(operationId = "service", summary = "What this instance is, and whether it takes commands")
    @APIResponse(responseCode = "200", description = "This instance")
    public JsonNode service() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("instance", InstanceName.of(config));
        json.put("model", engine.model());
        json.put("device", engine.tagger().device());
        json.put("precision", engine.tagger().precision());
        for (Role role : Role.values()) {
            if (config.roles().contains(role)) {
                json.withArray("roles").add(role.name().toLowerCase(Locale.ROOT));
            }
        }
        ObjectNode control = json.putObject("control");
        Optional<String> why = whyClosed();
        control.put("open", why.isEmpty());
        control.put("token", tokens.isSet());
        why.ifPresent(reason -> control.put("why", reason));
        json.put("protectReads", tokens.protectReads());
        json.put("bootstrap", bootstrap);
        json.putObject("topics").put("documents", topics.documents()).put("spans", topics.spans())
                .put("control", topics.control()).put("events", topics.events());
        tasks.defaultTask().ifPresent(task -> json.set("defaultTask", shown(task)));
        return json;
    }

    private Optional<String> whyClosed() {
        return config.http().control().orElse(false) ? Optional.empty()
                : Optional.of("This instance takes no commands over HTTP: metaie.http.control is not true.");
    }

    private static ObjectNode shown(TaskDefinition task) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("task", task.name());
        json.set("labels", TaskStateJson.labels(task.labels()));
        return json;
    }
}
