package io.metaie.load.jmh;

import io.metaie.checkpoint.Vocabulary;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
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
import org.openjdk.jmh.annotations.TearDown;

/** The words of a sentence to token ids, and these with a label's to a query. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenizingBenchmark {

    private Vocabulary vocabulary;
    private List<String> sentences;
    private List<List<Word>> words;
    private List<EncodedWords> encoded;
    private EncodedWords prompt;
    private int next;

    @Setup
    public void read() throws Exception {
        vocabulary = Samples.vocabulary();
        sentences = Samples.sentences();
        words = sentences.stream().map(Words::split).toList();
        encoded = Samples.encoded(vocabulary);
        prompt = EncodedWords.of(new String[] {"Organization", ":"}, vocabulary);
    }

    @TearDown
    public void close() {
        vocabulary.close();
    }

    @Benchmark
    public EncodedWords tokensOfASentence() {
        int i = next++ % sentences.size();
        return EncodedWords.of(sentences.get(i), words.get(i), vocabulary);
    }

    @Benchmark
    public List<Query> queryOfASentence() {
        return Question.of(prompt, encoded.get(next++ % encoded.size()), vocabulary).queries();
    }
}
