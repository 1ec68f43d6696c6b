package io.metaie.distillation.sampling;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.metaie.distillation.Sampler;
import io.metaie.distillation.Template;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.extraction.ReadSentence;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Publishes requests about sentences of documents that were read here, whoever answers them. Who reads documents never
 * waits: a thread of its own publishes, and what it cannot keep up with is left out. A sample is no promise.
 */
public final class SampledRequests implements ExtractionObserver, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SampledRequests.class);
    private static final int WAITING = 1_000;
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
            ProducerConfig.LINGER_MS_CONFIG, 50,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
    private static final int HASH_DIGITS = 16;

    private final KafkaClients clients;
    private final TopicSetup topicSetup;
    private final Sampler sampler;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "metaie-samples");

    /** Begins to publish, unless nothing is ever taken. */
    public SampledRequests(KafkaClients clients, TopicSetup topicSetup, Sampler sampler) {
        this.clients = clients;
        this.topicSetup = topicSetup;
        this.sampler = sampler;
        if (sampler.isOn()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void stage(Stage stage, long nanos) {
        // Only what was read counts here.
    }

    @Override
    public void extracted(ExtractionRequest request, Extraction extraction, int queries) {
        // Only what was read counts here.
    }

    @Override
    public void read(ExtractionRequest request, List<ReadSentence> sentences) {
        if (!sampler.isOn()) {
            return;
        }
        for (ReadSentence sentence : sentences) {
            String text = request.document().text().substring(sentence.start(), sentence.end());
            if (sampler.takes(text, sentence.uncertainty()) && !waiting.offer(text)) {
                LOG.debug("A sampled sentence is left out: more are waiting than are published");
            }
        }
    }

    private void run() {
        try {
            String topic = topicSetup.ensure(Set.of(Topic.DISTILLATION_REQUESTS)).get(Topic.DISTILLATION_REQUESTS).name();
            try (Producer<byte[], byte[]> producer = clients.producer("metaie-samples", PRODUCER)) {
                while (true) {
                    publish(producer, topic, waiting.take());
                }
            }
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            LOG.debug("Stopped", e);
        } catch (TopicSetupException e) {
            LOG.errorf("No sentences are sampled: %s", e.getMessage());
        }
    }

    private static void publish(Producer<byte[], byte[]> producer, String topic, String sentence) {
        String hash = Template.hash(sentence);
        byte[] request = JsonNodeFactory.instance.objectNode()
                .put("id", "sample-" + hash.substring(0, HASH_DIGITS)).put("text", sentence).toString().getBytes(UTF_8);
        try {
            producer.send(new ProducerRecord<>(topic, hash.getBytes(UTF_8), request), (metadata, failure) -> {
                if (failure != null) {
                    LOG.warnf("A sampled sentence is left out: %s", failure.getMessage());
                }
            });
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warnf("A sampled sentence is left out: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
