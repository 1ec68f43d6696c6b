package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.TopicState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jboss.logging.Logger;

/**
 * Where a new consumer group begins. The earliest record needs nothing done. The latest is taken once, by committing
 * the end of every partition before the first poll: a reset policy would take it again whenever nothing is committed
 * yet, and lose what came in between.
 */
@Singleton
class StartPosition {

    private static final Logger LOG = Logger.getLogger(StartPosition.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final KafkaClients clients;
    private final String group;
    private final MetaieConfig.From from;

    @Inject
    StartPosition(KafkaClients clients, MetaieConfig config) {
        this(clients, config.application(), config.documents().from());
    }

    StartPosition(KafkaClients clients, String group, MetaieConfig.From from) {
        this.clients = clients;
        this.group = group;
        this.from = from;
    }

    void take(TopicState documents) throws InterruptedException, ExecutionException {
        if (from == MetaieConfig.From.EARLIEST) {
            return;
        }
        try (Admin admin = clients.admin("metaie-start-position", Map.of())) {
            while (!taken(admin, documents)) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private boolean taken(Admin admin, TopicState documents) throws InterruptedException, ExecutionException {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            Map<TopicPartition, OffsetSpec> fresh = IntStream.range(0, documents.partitions())
                    .mapToObj(partition -> new TopicPartition(documents.name(), partition))
                    .filter(partition -> committed.get(partition) == null)
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            if (committed.keySet().stream().anyMatch(p -> p.topic().equals(documents.name())) || fresh.isEmpty()) {
                return true;
            }
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            admin.listOffsets(fresh).all().get()
                    .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, ends).all().get();
            LOG.infof("The new group %s begins at the end of %s (metaie.documents.from=latest)",
                    group, documents.name());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                return true; // another instance is at work in this group already, and has begun it
            }
            if (e.getCause() instanceof RetriableException) {
                LOG.warnf("The start position of %s cannot be taken (%s); next try in %d ms",
                        group, e.getCause(), PAUSE_MILLIS);
                return false;
            }
            throw e;
        }
    }
}
