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

/** A broker for {@code @QuarkusTest}s, on a free port and a temporary directory, up before the application starts. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {

    private Path directory;
    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("metaie-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.start(directory, 0);
        return Map.of(
                "kafka.bootstrap.servers", broker.bootstrap(),
                // For raw text, which cannot name labels. What happens without is tested with a process of its own.
                "metaie.default-task.labels", "Person,City");
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
