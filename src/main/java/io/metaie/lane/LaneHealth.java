package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.metaie.tagging.MicroBatcher;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** What the lanes' state means to an orchestrator. */
@ApplicationScoped
class LaneHealth {

    private static final String NAME = "extraction";

    private final Lanes lanes;
    private final LagMonitor lag;
    private final MicroBatcher batcher;
    private final Duration stall;
    private final LaneWork distillation;

    LaneHealth(Lanes lanes, LagMonitor lag, MicroBatcher batcher, MetaieConfig config,
            @Identifier(LaneWork.DISTILLATION) LaneWork distillation) {
        this.lanes = lanes;
        this.lag = lag;
        this.batcher = batcher;
        this.stall = config.lane().stall();
        this.distillation = distillation;
    }

    /** Documents are taken: every lane's producer and consumer are there, broker and tagger work. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named(NAME).up();
            lag.brokerAway().ifPresent(why -> answer.down().withData("broker", why));
            batcher.lost().ifPresent(why -> answer.down().withData("tagger", why));
            notReady(LaneKind.EXTRACTION, answer);
            return answer.build();
        };
    }

    /** Texts for the teacher are taken: the same, and the teacher answers. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck distillationReady() {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("distillation").up();
            notReady(LaneKind.DISTILLATION, answer);
            return answer.build();
        };
    }

    private void notReady(LaneKind kind, HealthCheckResponseBuilder answer) {
        for (Lane lane : lanes.all(kind)) {
            lane.status().notReady(lanes.instance()).ifPresent(why -> answer.down().withData(key(lane), why));
        }
    }

    /** Who waits for a tagger that does nothing, a lane or a request, will wait for ever: only a restart helps. */
    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck alive() {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named(NAME).up();
            noProgress(batcher.stalledFor()).ifPresent(why -> answer.down().withData("tagger", why));
            lanes.all(LaneKind.EXTRACTION).forEach(lane ->
                    noProgress(lane.status().still()).ifPresent(why -> answer.down().withData(key(lane), why)));
            lanes.all(LaneKind.DISTILLATION).forEach(lane ->
                    silence(lane.status().still()).ifPresent(why -> answer.down().withData(key(lane), why)));
            return answer.build();
        };
    }

    /** The lanes have been opened once. */
    @Produces
    @Startup
    @ApplicationScoped
    HealthCheck started() {
        return () -> HealthCheckResponse.named(NAME)
                .status(lanes.all().allMatch(lane -> lane.status().isOpen()))
                .build();
    }

    private Optional<String> noProgress(Duration still) {
        return still.compareTo(stall) > 0
                ? Optional.of("no progress of the tagger for " + still.toSeconds() + " s")
                : Optional.empty();
    }

    /** A teacher may well be silent for as long as it is waited for; beyond that its answer was lost here. */
    private Optional<String> silence(Duration still) {
        return still.compareTo(stall.plus(distillation.patience())) > 0
                ? Optional.of("nothing of the teacher for " + still.toSeconds() + " s, neither an answer nor a failure")
                : Optional.empty();
    }

    private static String key(Lane lane) {
        return "lane " + lane.status().lane();
    }
}
