package io.metaie.cli;

import io.metaie.config.MetaieConfig;
import io.metaie.config.Settings;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topics;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code demo}: the service on a broker of its own, sample documents through it, their extractions to be read. */
@Command(
        name = "demo",
        description = "Runs the service on an embedded broker in a temporary directory, sends sample documents through it,"
                + " prints what it extracts, and goes on until it is stopped.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final String HTTP_PORT = "quarkus.http.port";
    private static final String LOOPBACK = "127.0.0.1";

    private final Terminal terminal;
    private final Service service;

    @Mixin
    private ModelOption model = new ModelOption();

    DemoCommand(Terminal terminal, Service service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws IOException {
        model.directory().ifPresent(directory -> System.setProperty("metaie.model", directory.toString()));
        SmallRyeConfig config = Settings.load();
        Service.setUnlessGiven(config, "quarkus.log.level", "WARN"); // the extractions are to be seen, not the service
        Service.setUnlessGiven(config, "quarkus.log.category.\"io.metaie.onnx\".level", "ERROR"); // nor where it runs
        int httpPort = httpPort(config);
        Service.setUnlessGiven(config, HTTP_PORT, String.valueOf(httpPort));
        Path directory = Files.createTempDirectory("metaie-demo");
        MetaieConfig metaie = Settings.metaie(config);
        terminal.message("Starting the service on an embedded Kafka broker; its data go with it when it ends.");
        return service.runOnBroker(config, directory, metaie.kafka().embedded().port(), new Service.Companion() {

            private Thread presenter;

            @Override
            public void brokerStarted(String bootstrap) {
                KafkaClients clients = new KafkaClients(KafkaSettings.of(config).withBootstrapServers(bootstrap));
                Topics topics = KafkaConnection.topics(metaie);
                KafkaConnection kafka = new KafkaConnection(bootstrap, clients, topics);
                presenter = new Thread(() -> present(kafka, httpPort), "demo");
                presenter.setDaemon(true);
                presenter.start();
            }

            @Override
            public void serviceStopped() {
                presenter.interrupt();
                try {
                    presenter.join(Duration.ofSeconds(5).toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void brokerStopped() {
                delete(directory);
            }
        });
    }

    private void present(KafkaConnection kafka, int httpPort) {
        try {
            new DemoDocuments(terminal, kafka).show();
            terminal.out().flush();
            whatNext(kafka, "http://" + LOOPBACK + ":" + httpPort);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped before the end
        } catch (CommandException e) {
            if (!Thread.currentThread().isInterrupted()) {
                terminal.message("metaie: " + e.getMessage());
            }
        }
    }

    private void whatNext(KafkaConnection kafka, String http) {
        String metaie = System.getProperty("launcher.command", "./metaie");
        String example = "Marie Curie was born in Warsaw.";
        terminal.message("""

                The service is running; Ctrl-C ends it.
                  Kafka    %s  documents go to %s, extractions come on %s,
                           what cannot be read goes to %s
                  Console  %s/ in a browser: the stream, labels to try, tasks to teach
                  HTTP     %s/api/extract, described at %s/q/openapi
                  Metrics  %s/q/metrics, health at %s/q/health

                In another terminal, for example:
                  export KAFKA_BOOTSTRAP_SERVERS=%s
                  %s tail spans --from-start
                  echo '%s' | %s send --labels 'Person,City' -
                  curl %s/api/extract -H 'content-type: application/json' -d '{"text": "%s", "labels": ["Person", "City"]}'
                  %s extract --labels 'Person,City' '%s'"""
                .formatted(kafka.address(), kafka.topics().documents(), kafka.topics().spans(),
                        Topics.deadLetters(kafka.topics().documents()),
                        http, http, http, http, http, kafka.address(), metaie, example, metaie, http, example, metaie, example));
    }

    /** The port that is configured; if none is and the usual one is taken, another that is free. */
    private static int httpPort(SmallRyeConfig config) {
        int port = config.getOptionalValue(HTTP_PORT, Integer.class).orElse(8080);
        boolean given = config.getConfigValue(HTTP_PORT).getConfigSourceOrdinal() > Settings.PACKAGED_ORDINAL;
        return given || port == 0 || isFree(port) ? port : free();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // The operating system clears its temporary directory, too.
        }
    }
}
