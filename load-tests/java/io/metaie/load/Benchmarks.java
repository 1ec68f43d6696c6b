package io.metaie.load;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * JMH's benchmarks of what is done beside the model: splitting, tokenising, decoding, batching. Two forks with three
 * warm-up and five measured iterations of one second each, unless JMH's own arguments say otherwise.
 *
 * <p>{@code load-tests/run Benchmarks [JMH'S ARGUMENTS, SUCH AS A PATTERN OF NAMES]}
 */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        Collection<RunResult> results = new Runner(options(args)).run();
        System.out.println("\n| benchmark | mean | ± (99.9 %) | unit |\n| --- | --- | --- | --- |");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            String name = result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark\\.", "$1: ");
            StringBuilder parameters = new StringBuilder();
            result.getParams().getParamsKeys()
                    .forEach(key -> parameters.append(", ").append(key).append(' ').append(result.getParams().getParam(key)));
            System.out.printf(Locale.ROOT, "| %s%s | %.3f | %.3f | %s |%n", name, parameters, time.getScore(), time.getScoreError(),
                    time.getScoreUnit());
        }
    }

    private static Options options(String[] args) throws CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(args);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        if (!given.getForkCount().hasValue()) {
            options.forks(2);
        }
        if (!given.getWarmupIterations().hasValue()) {
            options.warmupIterations(3);
        }
        if (!given.getWarmupTime().hasValue()) {
            options.warmupTime(TimeValue.seconds(1));
        }
        if (!given.getMeasurementIterations().hasValue()) {
            options.measurementIterations(5);
        }
        if (!given.getMeasurementTime().hasValue()) {
            options.measurementTime(TimeValue.seconds(1));
        }
        return options.build();
    }
}
