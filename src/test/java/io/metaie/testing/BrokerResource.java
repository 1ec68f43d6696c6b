package io.metaie.testing;

import io.metaie.kafka.EmbeddedBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A broker for {@code @QuarkusTest}s, on a free port and a temporary directory, up before the application starts; and
 * the settings all of them share, with patience cut short so that faults show soon.
 */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {

    private Path directory;
    private int port;
    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("metaie-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startBroker();
        BrokerControl.offer(this::stopBroker, this::startBroker);
        return Map.of(
                "kafka.bootstrap.servers", broker.bootstrap(),
                // For raw text, which cannot name labels. What happens without is tested with a process of its own.
                "metaie.default-task.labels", "Person,City",
                "metaie.instance", "test",
                "metaie.http.control", "true",
                "metaie.lane.stall", "3s",
                "quarkus.http.test-port", "0",
                "mp.messaging.incoming.documents.max.poll.interval.ms", "6000",
                "mp.messaging.incoming.documents.session.timeout.ms", "6000",
                "mp.messaging.incoming.documents.heartbeat.interval.ms", "1000",
                "mp.messaging.incoming.documents.default.api.timeout.ms", "3000");
    }

    @Override
    public void stop() {
        stopBroker();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void startBroker() {
        if (broker == null) {
            broker = EmbeddedBroker.start(directory, port);
            port = Integer.parseInt(broker.bootstrap().substring(broker.bootstrap().indexOf(':') + 1));
        }
    }

    private synchronized void stopBroker() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }
}
