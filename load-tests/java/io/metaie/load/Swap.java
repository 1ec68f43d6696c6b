package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.Control;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How long after {@code adapter-activated} the first document is tagged by the version, and what many swaps cost in
 * memory. The packaged service runs as a process of its own on a broker in this one; documents of the task come at a
 * steady rate, and two versions are put in force in turn. Times are those of the records: of the event, and of the first
 * extraction that names the version; and, since several instances share the partitions of the documents, of the first
 * one on the partition that is last.
 *
 * <p>Arguments: {@code [swaps] [documents a second] [instances]}.
 */
public final class Swap {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PART = 500_000;
    private static final int RANK = 8;

    private Swap() {}

    public static void main(String... arguments) throws Exception {
        int swaps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        int instances = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        System.out.println(Machine.describe());
        Checkpoint checkpoint = Checkpoint.open(Path.of("models", "metaie-mini"));
        Path directory = Files.createTempDirectory("metaie-swap");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "swap").awaitReady();
                Closing others = new Closing();
                Control control = new Control(broker.bootstrap())) {
            for (int i = 1; i < instances; i++) {
                others.services.add(ServiceApp.start(broker.bootstrap(), "swap-" + i).awaitReady());
            }
            control.define("news", "['Word']");
            for (int version = 1; version <= 2; version++) {
                control.importAdapter("news", "i" + version, TestAdapters.random(checkpoint, RANK, version).bytes(), PART, "always");
                control.await("adapter-activated", "i" + version, PATIENCE);
            }
            new Swap().run(new KafkaClients(KafkaSettings.of(broker.bootstrap())), service, control, swaps, rate);
        }
    }

    /** Instances beside the first. */
    private static final class Closing implements AutoCloseable {

        private final List<ServiceApp> services = new ArrayList<>();

        @Override
        public void close() {
            services.forEach(ServiceApp::close);
        }
    }

    private final Map<String, Long> activated = new HashMap<>();
    /** Version → partition of the document → times. */
    private final Map<String, Map<Integer, List<Long>>> tagged = new HashMap<>();

    private void run(KafkaClients clients, ServiceApp service, Control control, int swaps, int rate) throws Exception {
        long[] millis = new long[swaps];
        long[] everywhere = new long[swaps];
        try (Consumer<byte[], byte[]> reader = clients.consumer("swap", Map.of("isolation.level", "read_committed"));
                Producer<byte[], byte[]> documents = clients.producer("documents", Map.of())) {
            List<TopicPartition> partitions = List.of(Control.EVENTS, ExactlyOnce.SPANS).stream()
                    .flatMap(topic -> reader.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            reader.assign(partitions);
            reader.seekToEnd(partitions);
            partitions.forEach(reader::position);
            int sources = documents.partitionsFor(ExactlyOnce.DOCUMENTS).size();
            int sent = 0;
            for (int swap = 0; swap < swaps; swap++) {
                String adapter = "news@" + (1 + swap % 2);
                activated.clear();
                tagged.clear();
                control.send("{'type':'activate','task':'news','version':" + (1 + swap % 2) + ",'commandId':'s" + swap + "'}");
                while (firsts(adapter).size() < sources) {
                    documents.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, sent++ % sources, null,
                            "{\"task\":\"news\",\"text\":\"Ada Lovelace met Charles Babbage in London.\"}".getBytes(UTF_8)));
                    read(reader, Duration.ofMillis(1_000 / rate));
                }
                LongSummaryStatistics firsts = firsts(adapter).stream().mapToLong(Long::longValue).summaryStatistics();
                millis[swap] = firsts.getMin() - activated.get(adapter);
                everywhere[swap] = firsts.getMax() - activated.get(adapter);
                if (swap + 1 == Math.min(20, swaps) || (swap + 1) % Math.max(1, swaps / 4) == 0) {
                    System.out.printf(Locale.ROOT, "after %d swaps: resident %d MB%n", swap + 1, service.residentKilobytes() >> 10);
                }
            }
        }
        System.out.printf(Locale.ROOT, "from adapter-activated, %d swaps at %d documents/s:%n", swaps, rate);
        System.out.println("to the first document tagged by it: " + summary(millis));
        System.out.println("to the first one on the partition that is last: " + summary(everywhere));
    }

    private static String summary(long[] millis) {
        Arrays.sort(millis);
        return String.format(Locale.ROOT, "median %d ms, 95 %% within %d ms, slowest %d ms", millis[millis.length / 2],
                millis[millis.length * 95 / 100], millis[millis.length - 1]);
    }

    /**
     * When the first extraction by a version came on each partition that has one, not older than the event; those of the
     * version's last turn may be late.
     */
    private List<Long> firsts(String adapter) {
        return tagged.getOrDefault(adapter, Map.of()).values().stream()
                .map(times -> times.stream().mapToLong(Long::longValue)
                        .filter(time -> activated.containsKey(adapter) && time >= activated.get(adapter)).min())
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
    }

    private void read(Consumer<byte[], byte[]> reader, Duration patience) throws Exception {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(patience)) {
            JsonNode json = new JsonMapper().readTree(record.value());
            if (record.topic().equals(Control.EVENTS)) {
                if (json.path("type").asText().equals("adapter-activated")) {
                    activated.put("news@" + json.path("version").asInt(), record.timestamp());
                }
            } else if (json.has("adapter")) {
                String[] source = new String(record.headers().lastHeader("ce_id").value(), UTF_8).split("-");
                tagged.computeIfAbsent(json.path("adapter").asText(), adapter -> new HashMap<>())
                        .computeIfAbsent(Integer.valueOf(source[source.length - 2]), partition -> new ArrayList<>())
                        .add(record.timestamp());
            }
        }
    }
}
