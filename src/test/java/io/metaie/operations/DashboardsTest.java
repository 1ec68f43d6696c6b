package io.metaie.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.operations.Dashboards.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the dashboards and alarms to the code, as far as that goes without Prometheus. */
class DashboardsTest {

    /** Metrics that others make: Micrometer, Kafka's clients, Quarkus and Prometheus. A running service proves them. */
    private static final Pattern FOREIGN = Pattern.compile("up|(jvm|process|http_server_requests|kafka_(consumer|producer))_\\w+");

    /** More or less of these is neither good nor bad, or another panel tells: money by the budget, documents by dead letters. */
    private static final Set<String> NEVER_BAD = Set.of("Documents answered", "Documents, by outcome", "Sentences and queries",
            "Tokens", "Queries a batch", "Device", "GPU: tokens", "Records read", "Connections", "Tasks", "Version in force",
            "Spans found", "Spans a sentence", "Labels a sentence", "Spent this month", "Money", "Tokens of the teacher",
            "Examples", "Pairs in its answers");

    static List<Panel> panels() {
        return Dashboards.panels();
    }

    static List<Path> files() {
        return Dashboards.files();
    }

    static List<JsonNode> alerts() {
        return Dashboards.alerts();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelSaysWhatItShows(Panel panel) {
        JsonNode defaults = panel.json().at("/fieldConfig/defaults");
        assertTrue(panel.json().path("description").asText().endsWith("."), "description");
        assertFalse(defaults.path("unit").asText().isEmpty(), "unit");
        assertFalse(panel.queries().isEmpty(), "queries");
        assertEquals("metaie-prometheus", panel.json().at("/datasource/uid").asText());
        panel.json().path("targets").forEach(target -> assertEquals("metaie-prometheus", target.at("/datasource/uid").asText()));
    }

    @ParameterizedTest
    @MethodSource("panels")
    void itsQueriesAreOfMetricsThatExistOverGrafanasWindowAndOfTheInstancesChosen(Panel panel) {
        for (String query : panel.queries()) {
            assertExist(query);
            assertFalse(query.matches(".*\\brate\\([^\\[]*\\[(?!\\$__rate_interval]).*"), query);
            assertTrue(query.contains("instance=~\"$instance\"") || panel.title().equals("Instances that differ"), query);
            assertFalse(query.contains("$__interval"), query);
        }
    }

    private static void assertExist(String query) {
        Set<String> meters = Dashboards.meters();
        Set<String> metrics = Dashboards.metrics(query);
        assertFalse(metrics.isEmpty(), query);
        for (String metric : metrics) {
            assertTrue(FOREIGN.matcher(metric).matches() || meters.stream().anyMatch(meter -> Dashboards.isOf(metric, meter)),
                    metric + " in " + query + " is none of " + meters);
        }
    }

    @Test
    void everyMeterIsShown() {
        Set<String> shown = Dashboards.panels().stream().flatMap(panel -> panel.queries().stream())
                .flatMap(query -> Dashboards.metrics(query).stream()).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>(Dashboards.meters());
        assertTrue(missing.size() > 20, missing.toString());
        missing.removeIf(meter -> shown.stream().anyMatch(metric -> Dashboards.isOf(metric, meter)));
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @MethodSource("files")
    void panelsDoNotOverlapAndAreToldApart(Path file) {
        JsonNode dashboard = Dashboards.json(file);
        Set<Integer> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertTrue(ids.add(panel.path("id").asInt()), panel.path("id").asText());
            assertTrue(titles.add(panel.path("title").asText()), panel.path("title").asText());
            JsonNode place = panel.path("gridPos");
            assertTrue(place.path("x").asInt() + place.path("w").asInt() <= 24, place.toString());
            for (int x = place.path("x").asInt(); x < place.path("x").asInt() + place.path("w").asInt(); x++) {
                for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
                    assertTrue(cells.add(List.of(x, y)), panel.path("title").asText());
                }
            }
        }
        Set<String> variables = Set.copyOf(dashboard.at("/templating/list").findValuesAsText("name"));
        assertTrue(variables.contains("instance"), variables.toString());
        List<String> queries = dashboard.path("panels").findValuesAsText("expr");
        variables.forEach(variable -> assertTrue(
                queries.stream().anyMatch(query -> query.contains("$" + variable)), variable + " changes nothing"));
    }

    @Test
    void grafanaFindsDataAndDashboards() {
        JsonNode source = Dashboards.yaml(Dashboards.GRAFANA.resolve("provisioning/datasources/prometheus.yaml")).at("/datasources/0");
        assertEquals("metaie-prometheus", source.path("uid").asText());
        assertEquals(Dashboards.yaml(Dashboards.PROMETHEUS.resolve("prometheus.yml")).at("/global/scrape_interval").asText(),
                source.at("/jsonData/timeInterval").asText());
        assertEquals(2, Dashboards.files().size());
        assertEquals(2, Dashboards.files().stream().map(file -> Dashboards.json(file).path("uid").asText()).distinct().count());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlarmIsOfMetricsThatExistAndSaysWhatToDo(JsonNode alert) throws IOException {
        assertExist(alert.path("expr").asText());
        assertTrue(Set.of("warning", "critical").contains(alert.at("/labels/severity").asText()), alert.toString());
        assertFalse(alert.at("/annotations/summary").asText().isEmpty());
        assertFalse(alert.at("/annotations/description").asText().isEmpty());
        String name = alert.path("alert").asText();
        assertEquals("docs/operations.md#" + name.toLowerCase(Locale.ROOT), alert.at("/annotations/runbook").asText());
        try (Stream<String> lines = Files.lines(Path.of("docs", "operations.md"))) {
            assertTrue(lines.anyMatch(line -> line.matches("#+ " + name)), name);
        }
    }

    @Test
    void everyAlarmIsTestedFiringAndSilent() {
        List<String> cases = Dashboards.yaml(Dashboards.PROMETHEUS.resolve("alerts.test.yml")).path("tests")
                .findValuesAsText("name");
        for (JsonNode alert : Dashboards.alerts()) {
            String name = alert.path("alert").asText();
            assertTrue(cases.contains(name + " fires"), name);
            assertTrue(cases.stream().anyMatch(one -> one.startsWith(name + " is silent: ")), name);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sum by (a) (rate(x_total{b=\"c d\"}[5m])) / (sum (y) > 0) | [x_total, y]",
        "max_over_time(d{e=~\"f.*\"}[1d]) and on (g) h offset 5m | [d, h]",
        "histogram_quantile(0.95, sum by (le) (rate(i_bucket[$__rate_interval]))) > bool 1 | [i_bucket]"
    })
    void namesAreFoundInQueries(String query, String names) {
        assertEquals(names, Dashboards.metrics(query).toString());
    }
}
