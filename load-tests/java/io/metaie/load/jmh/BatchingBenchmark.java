package io.metaie.load.jmh;

import io.metaie.checkpoint.Vocabulary;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.FakeTagger;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Queries of 900 sentences, four labels each, to batches and their answers back to the sentences, with a tagger
 * that answers at once: what the batcher itself costs a query, its threads' handing over included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatchingBenchmark {

    private static final int SENTENCES = 900;
    private static final int LABELS = 4;
    private static final List<String> ASKED = List.of("Person", "Location", "Organization", "Date");
    private static final Source SOURCE = new Source("benchmark", false);

    /** Adapters whose queries come by turns: batches hold one only. */
    @Param({"1", "16"})
    int adapters;

    private final List<List<Query>> questions = new ArrayList<>();
    private MicroBatcher batcher;

    @Setup
    public void make() throws Exception {
        try (Vocabulary vocabulary = Samples.vocabulary()) {
            for (EncodedWords sentence : Samples.encoded(vocabulary).subList(0, SENTENCES)) {
                List<Query> queries = new ArrayList<>();
                for (String label : ASKED) {
                    EncodedWords prompt = EncodedWords.of(new String[] {label, ":"}, vocabulary);
                    queries.addAll(Question.of(prompt, sentence, vocabulary).queries());
                }
                questions.add(queries.subList(0, LABELS));
            }
        }
        batcher = new MicroBatcher(FakeTagger.outside(), new BatchSettings(2, 512, 256, Duration.ofMillis(2)), BatchObserver.NONE);
    }

    @TearDown
    public void close() {
        batcher.close();
    }

    @Benchmark
    @OperationsPerInvocation(SENTENCES * LABELS)
    public void aQuery() {
        CompletableFuture<?>[] answers = new CompletableFuture<?>[questions.size()];
        for (int i = 0; i < answers.length; i++) {
            Adapter adapter = adapters == 1 ? Adapter.NONE : new Adapter("task-" + i % adapters, 1);
            answers[i] = batcher.submit(SOURCE, adapter, questions.get(i));
        }
        CompletableFuture.allOf(answers).join();
    }
}
