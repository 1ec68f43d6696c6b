package io.metaie.lane;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Records in, answers and dead letters out: hands what each channel polls to the lane that reads it. */
@ApplicationScoped
class LaneStreams {

    private final Lanes lanes;

    LaneStreams(Lanes lanes) {
        this.lanes = lanes;
    }

    @Incoming(LaneChannels.DOCUMENTS)
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    Uni<Void> documents(
            ConsumerRecords<byte[], byte[]> polled, IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata) {
        return hand(polled, metadata);
    }

    @Incoming(LaneChannels.REQUESTS)
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    Uni<Void> requests(
            ConsumerRecords<byte[], byte[]> polled, IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata) {
        return hand(polled, metadata);
    }

    // Offsets are committed by the lanes' transactions, so nothing is acknowledged here; the Uni says when the next
    // batch may come.
    private Uni<Void> hand(
            ConsumerRecords<byte[], byte[]> polled, IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        int rewinds = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            rewinds = PollStamp.take(record); // the same for all records of a poll
            records.add(record);
        }
        Batch batch = new Batch(records, metadata.getConsumerGroupGenerationId(), rewinds);
        Lane lane = lanes.of(metadata.getChannel());
        return Uni.createFrom().completionStage(() -> lane.accept(batch));
    }
}
