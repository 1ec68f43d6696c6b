package io.metaie.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What Grafana shows and Prometheus alarms by, as the files under {@code docker/} have it. */
final class Dashboards {

    static final Path GRAFANA = Path.of("docker", "grafana");
    static final Path PROMETHEUS = Path.of("docker", "prometheus");
    static final Path ALERTS = PROMETHEUS.resolve("alerts.yml");

    private static final JsonMapper JSON = new JsonMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Everything in a query that is not the name of a metric: strings in braces, grouping, windows. */
    private static final Pattern NO_METRIC = Pattern.compile(
            "\\{[^}]*}|\\[[^]]*]|\\b(?:by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)|\\boffset\\s+\\w+|\\bbool\\b");
    private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "sum", "max", "min", "count", "avg");

    private Dashboards() {}

    /**
     * A panel with its queries.
     *
     * @param json all of it
     */
    record Panel(String dashboard, JsonNode json) {

        String title() {
            return json.path("title").asText();
        }

        List<String> queries() {
            return json.path("targets").findValuesAsText("expr");
        }

        /** What it shows where there is nothing to show; if it says nothing, there always is something. */
        boolean mayBeEmpty() {
            return json.at("/fieldConfig/defaults").has("noValue");
        }

        /** It needs a GPU. */
        boolean ofGpus() {
            return title().startsWith("GPU: ");
        }

        @Override
        public String toString() {
            return dashboard + ", " + title();
        }
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        return read(JSON, file);
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(JsonMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(YAMLMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All panels but the rows that part them. */
    static List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        for (Path file : files()) {
            JsonNode dashboard = json(file);
            dashboard.path("panels").forEach(panel -> {
                if (!panel.path("type").asText().equals("row")) {
                    panels.add(new Panel(dashboard.path("title").asText(), panel));
                }
            });
        }
        return panels;
    }

    static List<JsonNode> alerts() {
        return StreamSupport.stream(yaml(ALERTS).path("groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                .toList();
    }

    /** The metrics a PromQL query reads. */
    static Set<String> metrics(String query) {
        return NAME.matcher(NO_METRIC.matcher(query).replaceAll(" ")).results()
                .map(MatchResult::group)
                .filter(name -> !OPERATORS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Micrometer's names of the meters the code makes: literals in the files that know Micrometer. */
    static Set<String> meters() {
        Pattern literal = Pattern.compile("\"(metaie(?:\\.[a-z0-9]+)+)\"");
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                String code = Files.readString(source);
                if (code.contains("import io.micrometer.")) {
                    literal.matcher(code).results().forEach(found -> names.add(found.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Whether a metric of Prometheus is what comes of a meter. */
    static boolean isOf(String metric, String meter) {
        String name = meter.replace('.', '_');
        return metric.startsWith(name)
                && metric.substring(name.length()).matches("(_seconds)?(_total|_bucket|_sum|_count|_max)?");
    }
}
