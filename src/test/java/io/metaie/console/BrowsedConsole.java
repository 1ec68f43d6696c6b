package io.metaie.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.Browser;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service that takes commands over HTTP, and for each test a browser that knows nothing yet. */
abstract class BrowsedConsole {

    static final Duration TRAINING = Duration.ofMinutes(8);

    @TempDir
    static Path directory;

    static EmbeddedBroker broker;
    static ServiceApp service;
    private static Producer<byte[], byte[]> records;

    Browser browser;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory, 0);
        service = ServiceApp.start(broker.bootstrap(), "console", "metaie.http.control=true").awaitReady();
        records = new KafkaClients(KafkaSettings.of(broker.bootstrap())).producer("documents", Map.of());
    }

    @AfterAll
    static void stop() {
        records.close();
        service.close();
        broker.close();
    }

    @BeforeEach
    void openBrowser() {
        browser = new Browser(service.url());
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    /** Sends a document; quotes may be given as {@code '}. */
    static void send(String key, String document) {
        write("metaie.documents", key, document);
    }

    /** Writes a record to any topic, as a program of someone else's may. */
    static void write(String topic, String key, String value) {
        records.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.replace('\'', '"').getBytes(UTF_8)));
        records.flush();
    }
}
