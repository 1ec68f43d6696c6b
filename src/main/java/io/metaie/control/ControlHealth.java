package io.metaie.control;

import io.metaie.task.TaskRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** What the state of tasks and commands means to an orchestrator. */
@ApplicationScoped
class ControlHealth {

    private final ControlStream stream;
    private final TaskRegistry registry;

    ControlHealth(ControlStream stream, TaskRegistry registry) {
        this.stream = stream;
        this.registry = registry;
    }

    /**
     * All tasks are known: without them documents would be refused that are not to be. A version that cannot be used is
     * said here, but the version before it goes on.
     */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck tasks() {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("tasks").up();
            if (!stream.status().isStateRead()) {
                answer.down().withData("state", "the tasks have not been read yet");
            }
            registry.troubles().forEach((task, why) -> answer.withData("task " + task, why));
            return answer.build();
        };
    }

    /** Commands are carried out, on an instance that is to do so. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck commands() {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("control").up();
            if (stream.isOn()) {
                stream.status().notReady().ifPresent(why -> answer.down().withData("commands", why));
            }
            return answer.build();
        };
    }
}
