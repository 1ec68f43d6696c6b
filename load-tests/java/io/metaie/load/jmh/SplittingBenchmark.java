package io.metaie.load.jmh;

import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A text to sentences, a sentence to words. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SplittingBenchmark {

    private List<String> paragraphs;
    private List<String> sentences;
    private int next;

    @Setup
    public void read() throws Exception {
        paragraphs = Samples.paragraphs();
        sentences = Samples.sentences();
    }

    /** Ten sentences of an encyclopaedia. */
    @Benchmark
    public List<Sentence> tenSentences() {
        return Sentences.split(paragraphs.get(next++ % paragraphs.size()));
    }

    @Benchmark
    public List<Word> wordsOfASentence() {
        String sentence = sentences.get(next++ % sentences.size());
        return Words.split(sentence);
    }
}
