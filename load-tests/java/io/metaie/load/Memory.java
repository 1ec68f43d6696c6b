package io.metaie.load;

import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Memory of {@code ./metaie} with broker and model in one process under full load: one-sentence documents with one
 * label (or more), 200,000 of them or 20 minutes, whichever ends first. Prints the time from start to ready, and RSS and
 * heap after a collection every minute.
 *
 * <p>{@code load-tests/run Memory [DOCUMENTS] [MINUTES] [LABELS]}
 */
public final class Memory {

    private static final int AHEAD = 5_000;

    private Memory() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        long minutes = args.length > 1 ? Long.parseLong(args[1]) : 20;
        int labels = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        int http = Ports.free();
        Path directory = Files.createTempDirectory("metaie-memory-");
        ProcessBuilder launcher = new ProcessBuilder("./metaie", "serve");
        launcher.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("METAIE_"));
        launcher.environment().putAll(Map.of(
                "METAIE_KAFKA_EMBEDDED_DIRECTORY", directory.toString(),
                "METAIE_KAFKA_EMBEDDED_PORT", String.valueOf(Ports.free()),
                "QUARKUS_HTTP_PORT", String.valueOf(http)));
        launcher.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
        long start = System.nanoTime();
        Process service = launcher.start();
        try {
            awaitReady(service, URI.create("http://127.0.0.1:" + http + "/q/health/ready"));
            System.out.printf(Locale.ROOT, "start to ready: %.1f s%n%n", (System.nanoTime() - start) / 1e9);
            run(service, directory.resolve("bootstrap"), count, labels, TimeUnit.MINUTES.toNanos(minutes));
        } finally {
            service.destroy();
            service.waitFor(30, TimeUnit.SECONDS);
            service.destroyForcibly();
        }
    }

    private static void awaitReady(Process service, URI ready) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(ready).build();
        while (true) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                if (!service.isAlive()) {
                    throw new IllegalStateException("the service ended before it was ready", e);
                }
            }
            Thread.sleep(20);
        }
    }

    private static void run(Process service, Path bootstrap, int count, int labels, long most) throws Exception {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(Files.readString(bootstrap).strip()));
        List<String> sentences = Texts.sentences(20_000);
        try (Producer<byte[], byte[]> producer = clients.producer("load", Map.of("linger.ms", 5));
                Consumer<byte[], byte[]> consumer = clients.consumer("load",
                        Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest"))) {
            consumer.assign(consumer.partitionsFor(Service.SPANS).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
            System.out.printf(Locale.ROOT, "%d documents, %d label%s each%n%n", count, labels, labels == 1 ? "" : "s");
            System.out.println("| minute | documents | RSS, MB | heap after collection, MB | documents/s |");
            System.out.println("| --- | --- | --- | --- | --- |");
            ProcessFigures figures = new ProcessFigures(service.pid());
            long start = System.nanoTime();
            long nextReport = start + TimeUnit.MINUTES.toNanos(1);
            int sent = 0;
            int seen = 0;
            int reported = 0;
            while (seen < count && System.nanoTime() - start < most) {
                for (; sent < count && sent - seen < AHEAD; sent++) {
                    String json = Texts.document(sent, sentences.get(sent % sentences.size()), Texts.LABELS.subList(0, labels));
                    producer.send(new ProducerRecord<>(Service.DOCUMENTS, json.getBytes(StandardCharsets.UTF_8)));
                }
                seen += consumer.poll(Duration.ofMillis(200)).count();
                if (System.nanoTime() >= nextReport || seen >= count) {
                    long now = System.nanoTime();
                    double heap = figures.heapAfterCollection();
                    System.out.printf(Locale.ROOT, "| %.1f | %d | %.0f | %.0f | %.0f |%n", (now - start) / 60e9, seen,
                            figures.resident(), heap, (seen - reported) / ((now - nextReport) / 1e9 + 60));
                    reported = seen;
                    nextReport = now + TimeUnit.MINUTES.toNanos(1);
                }
            }
            System.out.printf(Locale.ROOT, "%npeak RSS: %.0f MB%n", figures.peakResident());
        }
    }
}
