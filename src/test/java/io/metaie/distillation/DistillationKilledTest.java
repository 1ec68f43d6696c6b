package io.metaie.distillation;

import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run of two thousand requests, killed twenty times: each is answered once, and no answer that was kept is paid for again.
 */
@Tag("faults")
class DistillationKilledTest {

    private static final int REQUESTS = 2_000;
    private static final int KILLS = 20;
    private static final int CONCURRENCY = 8;
    /** Calls under way, and answers that have come and are being kept: a kill loses no more of both together. */
    private static final int UNDER_WAY = CONCURRENCY + CONCURRENCY / 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void everyRequestIsAnsweredOnceAndFewCallsAreMadeTwice() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        System.out.println("seed " + seed);
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                FakeTeacher fake = new FakeTeacher();
                Requests requests = new Requests(broker.bootstrap())) {
            fake.answers(json(200, completion("- Word: number", "stop", true)).withFixedDelay(30));
            String[] settings = {"metaie.llm.base-url=" + fake.baseUrl(), "metaie.llm.concurrency=" + CONCURRENCY};
            IntStream.range(0, REQUESTS).forEach(i -> requests.send("", "This is number " + i + "."));
            for (int kill = 0; kill < KILLS; kill++) {
                int calls = fake.calls() + 1 + random.nextInt(90);
                try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings)) {
                    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> fake.calls() >= calls);
                    service.app().kill();
                }
            }
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings)) {
                requests.await(REQUESTS, PATIENCE);
                assertTrue(service.app().isAlive());
            }
            System.out.printf("%d requests, %d kills, %d calls%n", REQUESTS, KILLS, fake.calls());
            assertEquals(REQUESTS, requests.examples().stream().map(r -> new String(r.key(), UTF_8)).distinct().count());
            assertEquals(REQUESTS, kept(broker.bootstrap()), "answers kept, each of them once");
            assertTrue(fake.calls() <= REQUESTS + KILLS * UNDER_WAY, fake.calls() + " calls");
        }
    }

    /** How many records the topic of the answers ever had: without a budget nothing but answers, and outside of transactions. */
    private static long kept(String bootstrap) {
        TopicPartition answers = new TopicPartition("metaie.distillation.answers", 0);
        try (Consumer<byte[], byte[]> reader = new KafkaClients(KafkaSettings.of(bootstrap)).consumer("answers", Map.of())) {
            return reader.endOffsets(List.of(answers)).get(answers);
        }
    }
}
