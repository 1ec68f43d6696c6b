package io.metaie.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies far beyond what a document may have: refused with a reason, and never held in memory. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class LargeBodiesTest {

    private static final long SIZE = 50_000_000;
    private static final long FLAT = 20_000_000;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/api/extract")
    URI extract;

    /** {@code {"text":"aaaa…}, made as it is read. */
    private static InputStream json(long size) {
        return new InputStream() {
            private static final String HEAD = "{\"text\":\"";
            private long at;

            @Override
            public int read() {
                return at >= size ? -1 : at < HEAD.length() ? HEAD.charAt((int) at++) : at++ < 0 ? 0 : 'a';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int n = 0;
                for (int b; n < length && (b = read()) >= 0; n++) {
                    buffer[offset + n] = (byte) b;
                }
                return n == 0 && length > 0 ? -1 : n;
            }
        };
    }

    private HttpResponse<String> post(BodyPublisher body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(extract).header("content-type", "application/json").POST(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void tooLarge(HttpResponse<String> response) throws IOException {
        assertEquals(413, response.statusCode(), response.body());
        assertEquals("application/problem+json", response.headers().firstValue("content-type").orElse("")
                .replaceAll(";.*", ""));
        JsonNode problem = new JsonMapper().readTree(response.body());
        assertEquals("urn:metaie:problem:too-large", problem.path("type").asText());
        assertEquals(413, problem.path("status").asInt());
        assertTrue(problem.path("detail").asText().contains("1048576"), response.body());
    }

    private void probe() throws IOException, InterruptedException {
        assertEquals(200, post(BodyPublishers.ofString("{\"text\":\"Ada\",\"labels\":[\"Person\"]}")).statusCode());
    }

    @Test
    void withTheirLengthSaid() throws IOException, InterruptedException {
        tooLarge(post(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> json(SIZE)), SIZE)));
        probe();
        tooLarge(post(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> json(1_048_577)), 1_048_577)));
        probe();
    }

    @Test
    void inChunksAndTheHeapStaysFlat() throws IOException, InterruptedException {
        probe();
        long before = used();
        for (int i = 0; i < 2; i++) {
            tooLarge(post(BodyPublishers.ofInputStream(() -> json(SIZE))));
            probe();
        }
        long grown = used() - before;
        assertTrue(grown < FLAT, grown + " bytes more are in use");
    }

    /** A client that asks first is told before it sends anything. */
    @Test
    void announcedWithExpectContinue() throws IOException {
        try (Socket socket = new Socket(extract.getHost(), extract.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + SIZE + "\r\nExpect: 100-continue\r\n\r\n").getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("urn:metaie:problem:too-large"), answer);
        }
    }

    /** A command that is too large is read to its end, and what follows on the connection is answered. */
    @Test
    void afterACommandThatIsTooLargeTheNextRequestIsAnswered() throws IOException {
        int size = (4 << 20) + 1;
        for (String framing : List.of("Content-Length: " + size + "\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n")) {
            try (Socket socket = new Socket(extract.getHost(), extract.getPort())) {
                OutputStream out = socket.getOutputStream();
                boolean chunked = framing.startsWith("T");
                out.write(("POST /api/control HTTP/1.1\r\nHost: localhost\r\n" + framing
                        + (chunked ? Integer.toHexString(size) + "\r\n" : "")).getBytes(UTF_8));
                out.write(new byte[size]);
                out.write(((chunked ? "\r\n0\r\n\r\n" : "")
                        + "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
                String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
                assertTrue(answers.startsWith("HTTP/1.1 413 "), answers);
                assertTrue(answers.contains("urn:metaie:problem:too-large"), answers);
                assertTrue(answers.contains("HTTP/1.1 200 OK"), answers);
            }
        }
    }

    /** As large as a document may be. */
    @Test
    void theLargestDocumentIsStillRead() throws IOException, InterruptedException {
        String head = "{\"labels\":[\"Person\"],\"text\":\"";
        String tail = "Ada\"}";
        String json = head + " ".repeat(1_048_576 - head.length() - tail.length()) + tail;
        assertEquals(1_048_576, json.length());
        assertEquals(200, post(BodyPublishers.ofString(json)).statusCode());
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
