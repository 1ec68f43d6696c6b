package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.config.Settings;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.metaie.record.Reason;
import io.metaie.testing.App;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside the service, as processes of their own, on a real broker. */
@Tag("service")
class KafkaCommandsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static KafkaClients clients;
    private static Topics topics;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
        topics = new Topics(Settings.metaie(Settings.load()).topics());
        new TopicSetup(clients, topics, TopicDeclarations.packaged(), true).ensure(EnumSet.allOf(Topic.class));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static App.Builder app(String... arguments) {
        return App.with(arguments).env("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()).in(directory);
    }

    @Test
    void sendPublishesEachLineAsWhatItIs() throws IOException {
        Path file = directory.resolve("documents.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"id\":\"a\",\"text\":\"Ada 🚀\"}\r\n\nplain Zoë\n".getBytes(UTF_8));
        }
        try (App send = app("send", "--topic", topics.control(), file.toString()).run()) {
            assertEquals(0, send.exitCode(), send.err());
            assertEquals("", send.out());
            assertTrue(send.err().contains("sent 2 documents"), send.err());
            assertFalse(send.err().contains("\u001b"), send.err());
        }
        try (App send = app("send", "--topic", topics.control(), "--labels", "Person, City", "-").input("x").run()) {
            assertEquals(0, send.exitCode(), send.err());
        }
        List<ConsumerRecord<byte[], byte[]>> records = read(topics.control());
        assertEquals(List.of("{\"id\":\"a\",\"text\":\"Ada 🚀\"}", "plain Zoë",
                "{\"labels\":[\"Person\",\"City\"],\"text\":\"x\"}"), records.stream().map(r -> utf8(r.value())).toList());
        assertEquals(List.of("application/json", "text/plain", "application/json"),
                records.stream().map(r -> utf8(r.headers().lastHeader("content-type").value())).toList());
        assertEquals("a", utf8(records.get(0).key()));
    }

    @Test
    void sendReportsWhatTheTopicDoesNotTake() {
        StringBuilder tooLong = new StringBuilder();
        Random random = new Random(1); // what does not compress
        random.ints(2_200_000, '0', 'z').forEach(c -> tooLong.append((char) c));
        try (App send = app("send", "--topic", topics.distillationExamples(), "-").input("a\n" + tooLong + "\nb\n").run()) {
            assertEquals(1, send.exitCode());
            assertTrue(send.err().contains("line 2: "), send.err());
            assertTrue(send.err().contains("1 of 3 documents"), send.err());
        }
    }

    @Test
    void tailFollowsCommittedRecords() {
        String extraction = "{\"documentId\":\"d🚀\",\"spans\":[{\"id\":\"1\",\"label\":\"Person\",\"text\":\"Ada\\u001b[2J\","
                + "\"start\":0,\"end\":3,\"score\":0.987}],\"warnings\":[\"cut\"]}";
        try (App tail = app("tail", "--max", "2", "--timeout", "60", "--format", "json").start()) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> tail.err().contains("Following"));
            try (Producer<byte[], byte[]> producer = clients.producer("t", Map.of("transactional.id", "t"))) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(record(topics.spans(), "{\"aborted\":true}"));
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(record(topics.spans(), extraction));
                producer.send(record(topics.spans(), "{}"));
                producer.commitTransaction();
            }
            assertEquals(0, tail.exitCode(), tail.err());
            assertEquals(List.of("{}", extraction), tail.out().lines().sorted(java.util.Comparator.comparing(String::length))
                    .toList());
        }
        try (App tail = app("tail", "spans", "--from-start", "--max", "2").run()) {
            assertEquals(0, tail.exitCode(), tail.err());
            assertTrue(tail.out().contains("Person  Ada\\u001b[2J  0–3  0.99"), tail.out());
            assertTrue(tail.out().contains("! cut"), tail.out());
        }
    }

    @Test
    void tailEndsWithItsTime() {
        try (App tail = app("tail", "events", "--timeout", "0.5").run();
                App waiting = app("tail", "events", "--timeout", "0.5", "--max", "1").run()) {
            assertEquals(0, tail.exitCode(), tail.err());
            assertEquals(1, waiting.exitCode());
            assertTrue(waiting.err().contains("0 of 1 records"), waiting.err());
        }
    }

    @Test
    void redriveSendsEachLetterBackOnce() throws IOException {
        byte[] broken = {'{', (byte) 0xff};
        letter("a", "first".getBytes(UTF_8), Reason.INVALID_JSON);
        letter("b", broken, Reason.INVALID_UTF8);
        letter("c", "third".getBytes(UTF_8), Reason.INVALID_JSON);
        try (App tail = app("tail", "dead-letters", "--from-start", "--max", "3", "--format", "json").run()) {
            List<JsonNode> letters = new ArrayList<>();
            for (String line : tail.out().lines().toList()) {
                letters.add(JSON.readTree(line));
            }
            assertEquals(List.of("first", "e/8=", "third"), letters.stream().map(l -> l.get("value").asText()).toList());
            assertEquals("base64", letters.get(1).get("valueEncoding").asText());
            assertEquals("invalid-utf8", letters.get(1).at("/headers/metaie.reason").asText());
            assertEquals(JSON.readTree("[\"1\",\"2\"]"), letters.get(0).at("/headers/user"));
        }
        redrive("1 dead letter sent back: 1 to metaie.documents", "--reason", "invalid-json", "--max", "1");
        redrive("1 dead letter sent back: 1 to metaie.documents", "--reason", "invalid-json");
        redrive("1 dead letter sent back: 1 to metaie.documents");
        redrive("0 dead letters sent back");
        List<ConsumerRecord<byte[], byte[]>> back = read(topics.documents());
        assertEquals(List.of("a", "b", "c"), back.stream().map(r -> utf8(r.key())).sorted().toList());
        for (ConsumerRecord<byte[], byte[]> record : back) {
            assertEquals(List.of("user=1", "user=2"), java.util.Arrays.stream(record.headers().toArray())
                    .map(h -> h.key() + "=" + utf8(h.value())).toList());
            if (utf8(record.key()).equals("b")) {
                assertArrayEquals(broken, record.value());
            }
        }
    }

    private static void redrive(String expected, String... options) {
        List<String> arguments = new ArrayList<>(List.of("redrive"));
        arguments.addAll(List.of(options));
        try (App redrive = app(arguments.toArray(String[]::new)).run()) {
            assertEquals(0, redrive.exitCode(), redrive.err());
            assertEquals(expected, redrive.out().strip());
        }
    }

    @Test
    void withoutKafkaTheyFailAndSaySo(@TempDir Path empty) {
        for (String[] command : new String[][] {{"send", "-"}, {"tail"}, {"redrive"}}) {
            try (App app = App.with(command).in(empty).run()) {
                assertEquals(1, app.exitCode());
                assertTrue(app.err().contains("KAFKA_BOOTSTRAP_SERVERS"), app.err());
                assertEquals(1, app.err().lines().count(), app.err());
            }
        }
    }

    @Test
    @Tag("faults")
    void aBrokerThatDoesNotAnswerIsNamed() {
        try (App tail = App.with("tail").env("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1").run()) {
            assertEquals(1, tail.exitCode());
            assertTrue(tail.err().startsWith("metaie: no broker answers at 127.0.0.1:1"), tail.err());
            assertEquals(1, tail.err().lines().count(), tail.err());
        }
    }

    private static void letter(String key, byte[] value, Reason reason) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(topics.documents(), 0, 7, key.getBytes(UTF_8), value);
        record.headers().add("user", new byte[] {'1'}).add("user", new byte[] {'2'});
        try (Producer<byte[], byte[]> producer = clients.producer("letters", Map.of())) {
            producer.send(new DeadLetters(Topics.deadLetters(topics.documents()), 1 << 20)
                    .letter(record, reason.wireName(), "because"));
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, value.getBytes(UTF_8));
    }

    /** Every committed record of a topic. */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer("reader", KafkaConnection.READER)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
