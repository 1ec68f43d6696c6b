package io.metaie.kafka;

import io.metaie.config.MetaieConfig;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** What the service's beans need of Kafka, made from its configuration. */
@ApplicationScoped
class KafkaBeans {

    @Produces
    @Singleton
    KafkaClients clients(Config config, MeterRegistry meters) {
        return new KafkaClients(KafkaSettings.of(config), Optional.of(meters));
    }

    @Produces
    @Singleton
    Topics topics(MetaieConfig config) {
        return new Topics(config.topics());
    }

    @Produces
    @Singleton
    TopicSetup topicSetup(KafkaClients clients, Topics topics, MetaieConfig config) {
        return new TopicSetup(clients, topics, TopicDeclarations.packaged(), config.topics().create());
    }
}
