package io.metaie.load.jmh;

import io.metaie.checkpoint.Vocabulary;
import io.metaie.tagging.Span;
import io.metaie.tagging.Tag;
import io.metaie.tagging.Tags;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The tags of a sentence's words to spans; one word in ten begins one, which goes on with every second word. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodingBenchmark {

    private static final double THRESHOLD = 0.5;

    private List<Tags> tags;
    private int next;

    @Setup
    public void make() throws Exception {
        Random random = new Random(1);
        try (Vocabulary vocabulary = Samples.vocabulary()) {
            tags = Samples.encoded(vocabulary).stream().map(words -> tags(words.size(), random)).toList();
        }
    }

    private static Tags tags(int words, Random random) {
        byte[] tags = new byte[words];
        float[] probabilities = new float[words];
        for (int i = 0; i < words; i++) {
            boolean inside = i > 0 && tags[i - 1] != Tag.O && random.nextBoolean();
            tags[i] = inside ? Tag.I : random.nextInt(10) == 0 ? Tag.B : Tag.O;
            probabilities[i] = 0.4f + 0.6f * random.nextFloat();
        }
        return new Tags(tags, probabilities);
    }

    @Benchmark
    public List<Span> spansOfASentence() {
        return Span.decode(tags.get(next++ % tags.size()), THRESHOLD);
    }
}
