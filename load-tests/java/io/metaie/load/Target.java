package io.metaie.load;

import io.metaie.config.Settings;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topics;
import io.metaie.testing.Control;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What the load goes to: a service of its own on a broker in this process, or whatever answers documents on a broker
 * that runs somewhere. How that is reached ({@code KAFKA_SECURITY_PROTOCOL} …) and how its topics of documents and spans
 * are called ({@code METAIE_TOPICS_*}) is configured as for the command line.
 */
final class Target implements AutoCloseable {

    private final KafkaClients clients;
    private final Topics topics;
    private final Optional<Service> service;
    private final Optional<URI> http;

    private Target(KafkaClients clients, Topics topics, Optional<Service> service, Optional<URI> http) {
        this.clients = clients;
        this.topics = topics;
        this.service = service;
        this.http = http;
    }

    /** Starts a service on a broker. */
    static Target own(Map<String, String> settings) throws IOException, InterruptedException {
        Service service = Service.start(settings);
        Topics topics = new Topics(Settings.metaie(Settings.load()).topics());
        return new Target(service.clients(), topics, Optional.of(service), Optional.of(service.url()));
    }

    /**
     * What is there.
     *
     * @param http where one of the instances listens, if its figures are wanted
     */
    static Target at(String bootstrap, Optional<URI> http) {
        SmallRyeConfig config = Settings.load();
        return new Target(new KafkaClients(KafkaSettings.of(config).withBootstrapServers(bootstrap)),
                new Topics(Settings.metaie(config).topics()), Optional.empty(), http);
    }

    KafkaClients clients() {
        return clients;
    }

    Topics topics() {
        return topics;
    }

    /** Where it listens, if that is known. */
    Optional<URI> http() {
        return http;
    }

    /** Publishes commands on the topics as they are called by default. */
    Control control() {
        return new Control(clients);
    }

    /** The process of the service, if it is here. */
    Optional<ProcessFigures> process() {
        return service.map(started -> new ProcessFigures(started.pid()));
    }

    /** What the service counts; nothing if nobody said where it listens. */
    Map<String, Double> metrics() throws IOException, InterruptedException {
        return http.isPresent() ? ServiceMetrics.read(http.get()) : Map.of();
    }

    @Override
    public void close() throws IOException {
        if (service.isPresent()) {
            service.get().close();
        }
    }
}
