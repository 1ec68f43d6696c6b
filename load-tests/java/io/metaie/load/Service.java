package io.metaie.load;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.App;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The packaged service as a child process on a broker in this one, and what is needed to load and watch it. */
final class Service implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String DOCUMENTS = "metaie.documents";
    static final String SPANS = "metaie.spans";

    private final Path directory;
    private final EmbeddedBroker broker;
    private final KafkaClients clients;
    private final Producer<byte[], byte[]> producer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free();
    private final Map<String, String> settings;
    private final Map<String, Reader> readers = new HashMap<>();
    private App app;

    /** Reads one output topic; what was polled and not yet heard of by a listener, and when it was polled. */
    private static final class Reader {

        private final Consumer<byte[], byte[]> consumer;
        private Iterator<ConsumerRecord<byte[], byte[]>> read = Collections.emptyIterator();
        private long readAt;

        Reader(Consumer<byte[], byte[]> consumer, String topic) {
            this.consumer = consumer;
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
        }
    }

    private Service(Map<String, String> settings) throws IOException {
        this.settings = settings;
        directory = Files.createTempDirectory("metaie-load-");
        broker = EmbeddedBroker.start(directory, 0);
        clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
        producer = clients.producer("load", Map.of("linger.ms", 5, "compression.type", "lz4"));
    }

    private Reader reader(String topic) {
        return readers.computeIfAbsent(topic, name -> new Reader(clients.consumer("load-" + name, Map.of(
                "isolation.level", "read_committed", "auto.offset.reset", "earliest")), name));
    }

    /** Starts broker and service and waits until it is ready. */
    static Service start() throws IOException, InterruptedException {
        return start(Map.of());
    }

    /**
     * Starts broker and service and waits until it is ready.
     *
     * @param settings further settings of the service
     */
    static Service start(Map<String, String> settings) throws IOException, InterruptedException {
        Service service = new Service(settings);
        // An interrupted benchmark leaves no service behind that would disturb the next.
        Runtime.getRuntime().addShutdownHook(new Thread(service::stopApp));
        try {
            service.launch();
            service.awaitReady();
            service.reader(SPANS);
            return service;
        } catch (InterruptedException | RuntimeException e) {
            service.close(); // the broker's threads would keep this process alive
            throw e;
        }
    }

    /** Starts the service, with the settings of the launcher and those the environment has ({@code METAIE_…}). */
    void launch() {
        App.Builder builder = App.with("serve")
                .lasting()
                .env("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                .env("GOMP_SPINCOUNT", "0")
                .env("MALLOC_ARENA_MAX", "2")
                .set("quarkus.http.port", port)
                .set("quarkus.http.host", "127.0.0.1")
                .jvm("-Xmx1g");
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("METAIE_")) {
                builder.env(name, value);
            }
        });
        settings.forEach(builder::set);
        app = builder.start();
    }

    void kill() {
        app.kill();
    }

    private void stopApp() {
        if (app != null) {
            app.close();
        }
    }

    /** SIGSTOP and SIGCONT: documents are published meanwhile as if the service were away. */
    void freeze(boolean frozen) {
        app.signal(frozen ? "STOP" : "CONT");
    }

    /** Makes clients of the broker. */
    KafkaClients clients() {
        return clients;
    }

    long pid() {
        return app.pid();
    }

    /** Where its broker listens. */
    String bootstrap() {
        return broker.bootstrap();
    }

    /** Where it listens on the loopback address. */
    int port() {
        return port;
    }

    void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready()) {
            if (System.nanoTime() > end || !app.isAlive()) {
                throw new IllegalStateException("the service is not ready\n" + app.err());
            }
            Thread.sleep(20);
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The service's counters and sums by name and tags, as {@code /q/metrics} writes them. */
    Map<String, Double> metrics() throws IOException, InterruptedException {
        return ServiceMetrics.read(url());
    }

    /** Where it listens. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Asks over HTTP; the answer's status. */
    CompletableFuture<Integer> extract(String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/extract"))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    /** Publishes a document; the timestamp is when it was due. */
    void send(String json, long timestamp) {
        producer.send(new ProducerRecord<>(DOCUMENTS, null, timestamp, null, json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Publishes a text. */
    void send(String topic, String text) {
        producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)));
    }

    void flush() {
        producer.flush();
    }

    /** Reads committed extractions and says the place of each and when it was seen, until it has heard enough. */
    void follow(Listener listener) {
        follow(SPANS, listener);
    }

    /** Reads what is committed to a topic, in the same way. */
    void follow(String topic, Listener listener) {
        Reader reader = reader(topic);
        while (true) {
            if (!reader.read.hasNext()) {
                reader.read = reader.consumer.poll(Duration.ofMillis(200)).iterator();
                reader.readAt = System.nanoTime();
                if (!app.isAlive()) {
                    throw new IllegalStateException("the service ended\n" + app.err());
                }
            }
            while (reader.read.hasNext()) {
                if (!listener.seen(new String(reader.read.next().key(), StandardCharsets.UTF_8), reader.readAt)) {
                    return;
                }
            }
        }
    }

    /** Reads what is committed already and says how much it was. */
    int readCommitted() {
        Reader reader = reader(SPANS);
        int count = 0;
        for (; reader.read.hasNext(); reader.read.next()) {
            count++;
        }
        for (int quiet = 0; quiet < 3; ) {
            int read = reader.consumer.poll(Duration.ofMillis(200)).count();
            quiet = read == 0 ? quiet + 1 : 0;
            count += read;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        stopApp();
        producer.close();
        readers.values().forEach(reader -> reader.consumer.close());
        broker.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Hears of extractions. */
    interface Listener {
        /** @return whether to go on */
        boolean seen(String documentId, long nanos);
    }
}
