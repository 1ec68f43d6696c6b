package io.metaie.tagging;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A tagger of tests: answers by a function of the query; what runs can be watched, held or made to fail. */
public final class FakeTagger implements Tagger {

    /** How many batches ran, failed ones included. */
    public final AtomicInteger runs = new AtomicInteger();

    /** How many batches were laid out. */
    public final AtomicInteger prepared = new AtomicInteger();

    private final Function<Query, Tags> answer;
    private volatile RunHook hook = queries -> {};

    public FakeTagger(Function<Query, Tags> answer) {
        this.answer = answer;
    }

    /** Every word is outside, with certainty. */
    public static FakeTagger outside() {
        return new FakeTagger(query -> answer(query, i -> Tag.O));
    }

    /** Tags by the index of the word. */
    public static Tags answer(Query query, Function<Integer, Byte> tag) {
        byte[] tags = new byte[query.firsts().length];
        float[] probabilities = new float[tags.length];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = tag.apply(i);
            probabilities[i] = 1f;
        }
        return new Tags(tags, probabilities);
    }

    /** Called with the queries of each run before it answers; may block or throw. */
    public FakeTagger before(RunHook hook) {
        this.hook = hook;
        return this;
    }

    @Override
    public Batch prepare(Adapter adapter, List<Query> queries) {
        prepared.incrementAndGet();
        return new Batch() {
            @Override
            public List<Tags> run() throws TaggerException {
                runs.incrementAndGet();
                hook.run(queries);
                return queries.stream().map(answer).toList();
            }

            @Override
            public int tokens() {
                return queries.stream().mapToInt(Query::length).sum();
            }

            @Override
            public int padding() {
                return 0;
            }
        };
    }

    @Override
    public String device() {
        return "fake";
    }

    @Override
    public String precision() {
        return "fp32";
    }

    @Override
    public void close() {}

    /** What happens when a batch runs. */
    public interface RunHook {
        void run(List<Query> queries) throws TaggerException;

        /** A hook that only watches. */
        static RunHook watching(Consumer<List<Query>> watcher) {
            return watcher::accept;
        }
    }
}
