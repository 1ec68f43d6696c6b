package io.metaie.faults;

import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Faults;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of faults in this JVM share: the service at rest before, and exactly one answer each after. */
abstract class StreamTest {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    Faults faults;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    ExactlyOnce stream;

    @BeforeEach
    void begin() {
        awaitHealth("ready", 200);
        stream = new ExactlyOnce(bootstrap);
    }

    @AfterEach
    void end() {
        faults.none();
        stream.close();
        awaitHealth("ready", 200);
        awaitHealth("live", 200);
    }

    static int health(String kind) {
        return RestAssured.get("/q/health/" + kind).statusCode();
    }

    static String healthBody(String kind) {
        return RestAssured.get("/q/health/" + kind).body().asString();
    }

    static void awaitHealth(String kind, int status) {
        Awaitility.await("/q/health/" + kind + " " + status).atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> health(kind) == status);
    }

    /** The value of a gauge or counter without tags. */
    static double metric(String name) {
        return RestAssured.get("/q/metrics").body().asString().lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
