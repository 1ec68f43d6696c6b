package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.ServiceApp;
import io.metaie.testing.Watcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred watch the stream and take nothing of it; some of them vanish. They are offered seven times the memory that the
 * process may have, so that whoever kept it for them would not live.
 */
@Tag("faults")
class WatchersStallTest {

    private static final int WATCHERS = 100;
    private static final int DOCUMENTS = 1_500;
    private static final int BYTES = 24_000; // 3.6 GB for all of them together; 512 MB of heap

    /** Of each: some of them wait in the service, some in the system's buffers, which may grow to 4 MB: some 170. */
    private static final double HELD = 60;

    @TempDir
    Path directory;

    @Test
    void theOthersAndTheDocumentsDoNotNotice() throws IOException {
        List<Socket> stalled = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "watched", "metaie.http.stream.per-second=100000",
                        "metaie.http.stream.clients=" + (WATCHERS + 1)).awaitReady();
                Watcher well = new Watcher(service.url(), "document=last&events=extraction")) {
            for (int i = 0; i < WATCHERS; i++) {
                stalled.add(stalled(service));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> service.metric("metaie_stream_clients") == WATCHERS + 1);
            assertEquals(503, service.get("/api/stream").statusCode(), "no more than are allowed");
            publish(broker.bootstrap());
            well.await("the last document", seen -> seen.event().equals("extraction"));
            assertTrue(service.metric("metaie_stream_dropped_total") > WATCHERS * (DOCUMENTS - HELD),
                    "what is too much is dropped, and not written into buffers of the system first");
            for (Socket gone : stalled.subList(0, WATCHERS / 2)) {
                gone.setSoLinger(true, 0); // no word of goodbye
                gone.close();
            }
            // The others say nothing, and take nothing: they count as gone after a minute.
            await().atMost(Duration.ofMinutes(3)).until(() -> service.metric("metaie_stream_clients") == 1);
            assertEquals(200, service.health("ready"));
            assertEquals(200, service.health("live"));
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    private static Socket stalled(ServiceApp service) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(service.url().getHost(), service.url().getPort()));
        socket.getOutputStream().write("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        return socket;
    }

    private static void publish(String bootstrap) {
        String metadata = "x".repeat(BYTES);
        try (Producer<byte[], byte[]> producer = new KafkaClients(KafkaSettings.of(bootstrap)).producer("many", Map.of())) {
            for (int i = 0; i <= DOCUMENTS; i++) {
                String id = i == DOCUMENTS ? "last" : "d" + i;
                producer.send(new ProducerRecord<>("metaie.documents", 0, id.getBytes(UTF_8),
                        ("{\"text\":\"Ada.\",\"labels\":[\"Person\"],\"metadata\":\"" + metadata + "\"}").getBytes(UTF_8)));
            }
        }
    }
}
