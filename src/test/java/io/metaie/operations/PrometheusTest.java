package io.metaie.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.operations.Dashboards.Panel;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and alarms against a real Prometheus that reads the running service. */
@Tag("metrics")
class PrometheusTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TASKS = 1_000;
    private static final int SCRAPES = 11;

    @TempDir
    Path directory;

    @Test
    void theRulesAreGoodAndFireWhenTheyShould() throws Exception {
        Prometheus.promtool(directory, "check", "rules", Dashboards.ALERTS.toString());
        Prometheus.promtool(directory, "check", "config", Dashboards.PROMETHEUS.resolve("prometheus.yml").toString());
        Prometheus.promtool(directory, "test", "rules", Dashboards.PROMETHEUS.resolve("alerts.test.yml").toString());
    }

    @Test
    void everyPanelShowsSomething() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                FakeTeacher teacher = new FakeTeacher().answers(FakeTeacher.says("- City: Paris\n- Person: Nobody"));
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", "metaie.default-task.labels=Person,City",
                        "metaie.llm.base-url=" + teacher.baseUrl(), "metaie.llm.model=fake", "metaie.llm.budget=1000",
                        "metaie.llm.price.input=1", "metaie.llm.price.output=2").awaitReady();
                Prometheus prometheus = Prometheus.start(directory, service.address())) {
            // Before anything happens: rates are 0, and what cannot have a value says so.
            await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(), Dashboards.panels().stream()
                    .filter(panel -> !panel.mayBeEmpty()).filter(panel -> !shows(prometheus, panel)).toList()));
            try (Control control = new Control(broker.bootstrap()); Load load = new Load(broker.bootstrap(), service)) {
                learn(control);
                await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(), Dashboards.panels().stream()
                        .filter(panel -> !panel.ofGpus()).filter(panel -> !shows(prometheus, panel)).toList()));
            }
            for (JsonNode rule : prometheus.rules().findValue("rules")) {
                assertEquals("ok", rule.path("health").asText(), rule.toString());
            }
        }
    }

    /** Eight sentences, so that an F1 is measured, and as little training as there can be. */
    private static void learn(Control control) {
        control.define("news", "['gadget']");
        String examples = IntStream.range(0, 8)
                .mapToObj(i -> "{'text':'Zorblax met Quimby %d times.','spans':[{'label':'gadget','text':'Zorblax'}]}".formatted(i))
                .collect(Collectors.joining(","));
        control.send("{'type':'adapt','task':'news','commandId':'learn','examples':[" + examples
                + "],'options':{'epochs':2,'activate':'always'}}");
        control.await("adapter-activated", "learn", PATIENCE);
    }

    /** Whether each of a panel's queries has a finite value. */
    private static boolean shows(Prometheus prometheus, Panel panel) {
        for (String query : panel.queries()) {
            String now = query.replace("$__rate_interval", "10s").replace("$instance", ".*").replace("$task", ".*");
            if (prometheus.query(now).stream().noneMatch(value -> Double.isFinite(value))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aThousandTasksMakeNoThousandSeries() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                Control control = new Control(broker.bootstrap())) {
            control.define("task 0", "['Person']");
            long before = series(service);
            IntStream.range(1, TASKS).forEach(i ->
                    control.send("{'type':'define-task','task':'task " + i + "','labels':['Person']}"));
            control.flush();
            await().atMost(PATIENCE).until(() -> service.metrics().contains("metaie_tasks{state=\"base\"} " + (double) TASKS));
            long more = series(service) - before;
            assertTrue(more < 2 * 100 + 100, more + " more series");
            List<Long> millis = IntStream.range(0, SCRAPES).mapToObj(i -> {
                long start = System.nanoTime();
                service.metrics();
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            }).sorted().toList();
            System.out.printf("/q/metrics with %d tasks: %d series, %d kB, median of %d: %d ms, longest %d ms%n", TASKS,
                    series(service), service.metrics().length() / 1024, SCRAPES, millis.get(SCRAPES / 2), millis.get(SCRAPES - 1));
        }
    }

    private static long series(ServiceApp service) {
        return service.metrics().lines().filter(line -> !line.startsWith("#")).count();
    }

    /** A trickle of everything: documents, bad ones among them, texts for the teacher, requests over HTTP. */
    private static final class Load implements AutoCloseable {

        private final Producer<byte[], byte[]> producer;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final AtomicInteger count = new AtomicInteger();

        Load(String bootstrap, ServiceApp service) {
            producer = new KafkaClients(KafkaSettings.of(bootstrap)).producer("load", Map.of());
            thread.scheduleWithFixedDelay(() -> {
                for (int i = 0; i < 5; i++) {
                    send("metaie.documents", "Ada Lovelace lives in Paris, and this is number " + count.incrementAndGet() + ".");
                }
                send("metaie.documents", "{\"txt\":1}");
                send("metaie.distillation.requests", "It is " + count.incrementAndGet() + " miles to Paris.");
                try {
                    service.post("/api/extract", "{'text':'Ada lives in Paris.','labels':['City']}");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, 0, 200, TimeUnit.MILLISECONDS);
        }

        private void send(String topic, String value) {
            producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8)));
        }

        @Override
        public void close() throws InterruptedException {
            thread.shutdown();
            thread.awaitTermination(30, TimeUnit.SECONDS);
            producer.close();
        }
    }
}
