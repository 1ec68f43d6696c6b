package io.metaie.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.feed.BrokersAwayException;
import io.metaie.feed.LatestRecords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;

/** {@code GET /api/dead-letters}, {@code GET /api/events}, {@code GET /api/distillation}: the latest of each, read from the broker when asked for. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class LatestResource {

    private static final Logger LOG = Logger.getLogger(LatestResource.class);
    private static final int MAX = 200;
    /** Each opens a consumer: a few at once, and the others come again. */
    private static final int READERS = 4;

    private final LatestRecords latest;
    private final MetaieConfig config;
    private final MeterRegistry meters;
    private final Semaphore room = new Semaphore(READERS);

    LatestResource(LatestRecords latest, MetaieConfig config, MeterRegistry meters) {
        this.latest = latest;
        this.config = config;
        this.meters = meters;
    }

    /**
     * The latest dead letters, the newest first.
     *
     * @param max how many, 200 at most
     */
    @GET
    @Path("dead-letters")
    @Blocking
    @Operation(operationId = "deadLetters", summary = "The latest dead letters, the newest first, with their causes")
    @APIResponse(responseCode = "200", description = "Where each stands, why, where its record came from, and how that begins")
    @APIResponse(responseCode = "503", description = "The brokers do not answer, or too many ask")
    public List<JsonNode> deadLetters(@QueryParam("max") @DefaultValue("50") int max) {
        return read(() -> latest.deadLetters(bounded(max)));
    }

    /**
     * What became of the latest commands, the newest first.
     *
     * @param max how many events, 200 at most
     */
    @GET
    @Path("events")
    @Blocking
    @Operation(operationId = "events", summary = "The latest events, as on the events topic, the newest first")
    @APIResponse(responseCode = "200", description = "What became of commands")
    @APIResponse(responseCode = "503", description = "The brokers do not answer, or too many ask")
    public List<JsonNode> events(@QueryParam("max") @DefaultValue("50") int max) {
        return read(() -> latest.events(bounded(max)));
    }

    /**
     * How distillation does: the teacher, what it said and cost since this instance started, what waits, and the latest
     * examples.
     *
     * @param max how many examples, 200 at most
     */
    @GET
    @Path("distillation")
    @Blocking
    @Operation(operationId = "distillation", summary = "The teacher, its cost, what waits for it, and the latest examples")
    @APIResponse(responseCode = "200", description = "Counted since this instance started, but for what waits, and examples")
    @APIResponse(responseCode = "503", description = "The brokers do not answer, or too many ask")
    public JsonNode distillation(@QueryParam("max") @DefaultValue("20") int max) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean on = config.roles().contains(Role.DISTILL) && config.llm().baseUrl().isPresent();
        json.put("on", on);
        if (!on) {
            json.put("why", config.llm().baseUrl().isEmpty()
                    ? "No teacher is configured here: metaie.llm.base-url is not set."
                    : "This instance does not distill: metaie.roles does not name it.");
        }
        json.put("model", config.llm().model());
        config.llm().budget().ifPresent(budget -> json.put("budget", budget));
        meters.find("metaie.llm.spent").gauges().forEach(spent -> json.put("spentThisMonth", spent.value()));
        ObjectNode since = json.putObject("sinceStart");
        since.put("cost", count("metaie.llm.cost"));
        since.put("examples", (long) count("metaie.distillation.examples"));
        outcomes("metaie.llm.requests", "outcome", since.putObject("calls"));
        outcomes("metaie.llm.tokens", "kind", since.putObject("tokens"));
        outcomes("metaie.distillation.pairs", "outcome", since.putObject("pairs"));
        json.put("waiting", read(() -> latest.waitingRequests(config.application() + "-distill")));
        read(() -> latest.examples(bounded(max))).forEach(json.putArray("latest")::add);
        return json;
    }

    private double count(String name) {
        return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
    }

    private void outcomes(String name, String tag, ObjectNode into) {
        for (Counter counter : meters.find(name).counters()) {
            into.put(counter.getId().getTag(tag), (long) counter.count());
        }
    }

    private static int bounded(int max) {
        return Math.max(1, Math.min(MAX, max));
    }

    private <T> T read(Supplier<T> what) {
        if (!room.tryAcquire()) {
            throw new ServiceUnavailableException(1L);
        }
        try {
            return what.get();
        } catch (BrokersAwayException e) {
            LOG.warnf("A request for the latest records was answered with 503: %s", e.getMessage());
            throw new ServiceUnavailableException(5L);
        } finally {
            room.release();
        }
    }
}
