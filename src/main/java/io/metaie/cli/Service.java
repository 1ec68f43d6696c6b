package io.metaie.cli;

import io.metaie.config.MetaieConfig;
import io.metaie.config.KafkaConfig.EmbeddedMode;
import io.metaie.config.KafkaConfig;
import io.metaie.config.Settings;
import io.metaie.kafka.BootstrapFile;
import io.metaie.kafka.DirectoryInUseException;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaSettings;
import io.smallrye.config.SmallRyeConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The service in this process, on its own broker if it is to have one: the broker starts first and stops last. */
final class Service {

    private static final String BOOTSTRAP = "kafka.bootstrap.servers";
    private static final String LOOPBACK = "127.0.0.1";

    private final Terminal terminal;

    Service(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Runs the service as configured, until it is told to stop.
     *
     * @return the process' exit code
     * @throws CommandException when it cannot start as configured
     */
    int run() {
        SmallRyeConfig config = Settings.load();
        MetaieConfig metaie = Settings.metaie(config);
        KafkaConnection.topics(metaie); // wrong names are refused before anything starts
        KafkaConfig.Embedded embedded = metaie.kafka().embedded();
        Optional<String> given = KafkaSettings.of(config).bootstrapServers();
        if (!bringsBroker(embedded.mode(), given)) {
            return ServiceProcess.run(() -> () -> {});
        }
        String why = embedded.mode() == EmbeddedMode.TRUE
                ? "metaie.kafka.embedded is true" : "No KAFKA_BOOTSTRAP_SERVERS is set";
        terminal.message(why + ": starting the embedded Kafka broker, its data in "
                + embedded.directory().toAbsolutePath().normalize());
        return runOnBroker(config, embedded.directory(), embedded.port(), bootstrap -> terminal.message(
                "Embedded Kafka broker on " + bootstrap + ", as " + new BootstrapFile(embedded.directory()).path() + " says"));
    }

    /** What goes along with a service on its own broker. */
    interface Companion {

        /** The broker is up, the service is about to start. */
        void brokerStarted(String bootstrap);

        /** The service has stopped, the broker is about to. */
        default void serviceStopped() {}

        /** The broker has stopped, too. */
        default void brokerStopped() {}
    }

    /**
     * Runs the service on a broker of its own, both on the loopback address only.
     *
     * @param directory the broker's data
     * @param port where it listens; a free port is taken if this one is not free
     */
    int runOnBroker(SmallRyeConfig config, Path directory, int port, Companion companion) {
        return ServiceProcess.run(() -> {
            EmbeddedBroker broker = start(directory, port);
            BootstrapFile bootstrap = new BootstrapFile(directory);
            try {
                bootstrap.write(broker.bootstrap());
            } catch (UncheckedIOException e) {
                broker.close();
                throw new CommandException(e.getMessage(), e);
            }
            System.setProperty(BOOTSTRAP, broker.bootstrap());
            setUnlessGiven(config, "quarkus.http.host", LOOPBACK);
            setUnlessGiven(config, "metaie.instance", "embedded");
            setUnlessGiven(config, "metaie.http.control", "true");
            companion.brokerStarted(broker.bootstrap());
            return () -> {
                companion.serviceStopped();
                try {
                    bootstrap.delete();
                } finally {
                    broker.close();
                }
                companion.brokerStopped();
            };
        });
    }

    /**
     * Whether the service brings its own broker.
     *
     * @param given the brokers somebody named
     */
    static boolean bringsBroker(EmbeddedMode mode, Optional<String> given) {
        if (mode == EmbeddedMode.FALSE && given.isEmpty()) {
            throw new CommandException("metaie.kafka.embedded is false, and no KAFKA_BOOTSTRAP_SERVERS"
                    + " (kafka.bootstrap.servers) says where Kafka is");
        }
        return mode == EmbeddedMode.TRUE || mode == EmbeddedMode.AUTO && given.isEmpty();
    }

    private static EmbeddedBroker start(Path directory, int port) {
        try {
            return EmbeddedBroker.start(directory, port);
        } catch (DirectoryInUseException | UncheckedIOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** Sets what the operator has not. */
    static void setUnlessGiven(SmallRyeConfig config, String key, String value) {
        if (config.getConfigValue(key).getConfigSourceOrdinal() <= Settings.PACKAGED_ORDINAL) {
            System.setProperty(key, value);
        }
    }
}
