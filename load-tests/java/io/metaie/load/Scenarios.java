package io.metaie.load;

import io.metaie.load.OpenLoop.Result;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * How long documents wait for their answers when they come at a rate of their own, whatever the service does (open loop):
 * steadily, in gusts, long ones, with few and many labels, of many tasks, beside adaptation and distillation. From when a
 * document was due to when its answer was committed and read; each scenario asks the same number of queries a second.
 * Without {@code --bootstrap} against a service and a broker of its own.
 *
 * <p>{@code load-tests/run Scenarios [--bootstrap HOST:PORT [--http URL]] [--queries N] [--seconds N] [SCENARIO…]}
 */
@Command(name = "load-tests/run Scenarios", sortOptions = false, mixinStandardHelpOptions = true,
        description = "How long documents wait for their answers when they come at a rate of their own.")
public final class Scenarios implements Callable<Integer> {

    private static final int TEACHER_MILLIS = 200;
    private static final int TEACHER_CALLS = 8;
    private static final int LEAD_IN_SECONDS = 5;
    private static final int WARM_SECONDS = 40;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT",
            description = "Brokers, if they and a service run already; further settings are KAFKA_*. Else both are started.")
    Optional<String> bootstrap = Optional.empty();

    @Option(names = "--http", paramLabel = "URL",
            description = "Where that service listens, if it is only one, for queries a second and the fill of batches.")
    Optional<URI> http = Optional.empty();

    @Option(names = "--queries", paramLabel = "N", description = "Sentences × labels due a second (default: ${DEFAULT-VALUE}).")
    double queries = 300;

    @Option(names = "--seconds", paramLabel = "N", description = "Of a scenario (default: ${DEFAULT-VALUE}).")
    double seconds = 60;

    @Parameters(arity = "0..*", paramLabel = "SCENARIO",
            description = "Which; all without any, save 'mixed' on brokers that ran already: it asks the service's teacher.")
    List<String> names = List.of();

    public static void main(String[] args) {
        try {
            System.exit(new CommandLine(new Scenarios()).execute(args));
        } catch (AssertionError e) { // an event that did not come
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = chosen();
        System.out.println(Machine.describe());
        try (FakeTeacher teacher = FakeTeacher.start(TEACHER_MILLIS);
                Target target = bootstrap.isPresent() ? Target.at(bootstrap.get(), http)
                        : Target.own(teacher.settings(TEACHER_CALLS))) {
            System.out.printf(Locale.ROOT, "%s; %s; %.0f queries a second due, %.0f s a scenario%n%n",
                    bootstrap.map(servers -> "a service on " + servers)
                            .orElse("service as a process, broker and load in another, on the same cores"),
                    configuration(target.metrics()), queries, seconds);
            OpenLoop loop = new OpenLoop(target.clients(), target.topics());
            if (bootstrap.isEmpty()) {
                loop.run(Arrivals.constant(queries / 4, WARM_SECONDS), Documents.labelled(1, 4), latency -> {});
            }
            System.out.println("| scenario | due/s | documents | p50 ms | p95 ms | p99 ms | max ms | dead letters | unanswered |"
                    + " queries/s | batch fill | CPU ms a document | sent late by, at most, ms |");
            System.out.println("| --- |" + " --- |".repeat(12));
            List<String> notes = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                String aside = run(scenario, target, loop);
                notes.add("- *" + scenario.name() + "*: " + scenario.says() + (aside.isEmpty() ? "" : " (" + aside + ")"));
            }
            System.out.println();
            notes.forEach(System.out::println);
            return 0;
        }
    }

    private List<Scenario> chosen() throws Exception {
        List<Scenario> all = Scenario.all(queries, seconds);
        if (names.isEmpty()) {
            return all.stream().filter(scenario -> bootstrap.isEmpty() || !Scenario.COSTLY.contains(scenario.name())).toList();
        }
        Map<String, Scenario> byName = all.stream().collect(Collectors.toMap(Scenario::name, scenario -> scenario));
        return names.stream().map(name -> Optional.ofNullable(byName.get(name)).orElseThrow(() ->
                new IllegalArgumentException("no scenario is called " + name + "; there are "
                        + all.stream().map(Scenario::name).collect(Collectors.joining(", "))))).toList();
    }

    /** Prints the row of a scenario; what else is to be said of it. */
    private static String run(Scenario scenario, Target target, OpenLoop loop) throws Exception {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(30), 3);
        try (Beside beside = scenario.beside().on(target)) {
            loop.run(Arrivals.constant(scenario.aSecond(), LEAD_IN_SECONDS), scenario.documents(), latency -> {});
            Map<String, Double> before = target.metrics();
            double cpu = cpuSeconds(target);
            Result result = loop.run(scenario.arrivals(), scenario.documents(), histogram::recordValue);
            double used = cpuSeconds(target) - cpu;
            Map<String, Double> after = target.metrics();
            System.out.printf(Locale.ROOT, "| %s | %.2f | %d | %.0f | %.0f | %.0f | %.0f | %d | %d | %s | %s | %s | %.0f |%n",
                    scenario.name(), scenario.aSecond(), result.due(), millis(histogram, 50), millis(histogram, 95),
                    millis(histogram, 99), histogram.getMaxValue() / 1e6, result.deadLettered(), result.unanswered(),
                    known(ServiceMetrics.grown(before, after, "metaie_queries_total") / result.seconds()),
                    known(ServiceMetrics.grown(before, after, "metaie_batch_fill_sum")
                            / ServiceMetrics.grown(before, after, "metaie_batch_fill_count")),
                    known(used * 1_000 / result.due()), result.latestSendNanos() / 1e6);
            return aside(before, after, result);
        }
    }

    /** What else was done meanwhile, and what should not have been. */
    private static String aside(Map<String, Double> before, Map<String, Double> after, Result result) {
        StringBuilder told = new StringBuilder();
        add(told, ServiceMetrics.grown(before, after, "metaie_adaptations_total{outcome=\"completed\"}"), "adaptations completed");
        add(told, ServiceMetrics.grown(before, after, "metaie_distillation_examples_total"), "examples distilled");
        add(told, result.refused(), "documents refused by the broker");
        add(told, result.repeated(), "answers repeated");
        return told.toString();
    }

    private static void add(StringBuilder told, double count, String what) {
        if (count > 0) {
            told.append(told.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%.0f %s", count, what));
        }
    }

    private static double cpuSeconds(Target target) throws Exception {
        return target.process().isPresent() ? target.process().get().cpuSeconds() : Double.NaN;
    }

    private static String known(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, value < 2 ? "%.2f" : "%.1f", value) : "";
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private static String configuration(Map<String, Double> metrics) {
        return metrics.keySet().stream().filter(name -> name.startsWith("metaie_device{")).sorted()
                .collect(Collectors.joining(", "));
    }
}
