package io.metaie.evaluation;

import io.metaie.tagging.Adapter;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Source;
import io.metaie.tagging.WordEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Measures how well a model finds annotated spans. Every label of every example is asked, and each example is one
 * sentence, whatever stops it has. A label that is of another is asked about the heads <em>found</em>, as in service, so
 * that its score counts the mistakes of the whole chain.
 */
public final class Evaluator {

    /** Sentences and labels laid out together and sorted by length; the next ones wait while these run. */
    private static final int ROUND_QUERIES = 4_096;

    private final WordEncoder encoder;
    private final Answers answers;
    private final Selection selection;

    /**
     * @param answers the model to measure
     * @param selection which of its spans count
     */
    public Evaluator(WordEncoder encoder, Answers answers, Selection selection) {
        this.encoder = encoder;
        this.answers = answers;
        this.selection = selection;
    }

    /**
     * @param source in whose name the queries are asked
     * @param adapter the weights to measure
     * @param selection which of the spans found count
     */
    public Evaluator(WordEncoder encoder, MicroBatcher batcher, Source source, Adapter adapter, Selection selection) {
        this(encoder, queries -> batcher.submit(source, adapter, queries), selection);
    }

    /**
     * Evaluates all examples.
     *
     * @param progress hears how many examples are done
     * @throws io.metaie.label.InvalidLabelsException when a label leaves no room for a sentence
     * @throws java.util.concurrent.CompletionException when the tagger fails
     */
    public Scores evaluate(Iterator<Example> examples, LongConsumer progress) {
        Scores.Tally tally = new Scores.Tally();
        count(examples, tally, progress);
        return tally.scores();
    }

    /** The same, added to what was counted before. */
    public void count(Iterator<Example> examples, Scores.Tally tally, LongConsumer progress) {
        Optional<Round> running = Optional.empty();
        long done = 0;
        while (examples.hasNext()) {
            Round next = new Round(encoder, answers, selection, take(examples));
            done = finish(running, tally, done, progress);
            running = Optional.of(next);
        }
        finish(running, tally, done, progress);
    }

    private static long finish(Optional<Round> round, Scores.Tally tally, long done, LongConsumer progress) {
        if (round.isEmpty()) {
            return done;
        }
        long more = done + round.get().finish(tally);
        progress.accept(more);
        return more;
    }

    private static List<Example> take(Iterator<Example> examples) {
        List<Example> taken = new ArrayList<>();
        int queries = 0;
        while (examples.hasNext() && queries < ROUND_QUERIES) {
            Example example = examples.next();
            taken.add(example);
            queries += Math.max(1, example.labels().roots().size());
        }
        return taken;
    }
}
