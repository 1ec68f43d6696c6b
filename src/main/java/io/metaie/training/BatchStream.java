package io.metaie.training;

import io.metaie.adaptation.TrainingRow;
import io.metaie.training.Corpus.DataSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An endless stream of batches: passes over the shuffled corpus, whose rows are sorted by length some thousands at a
 * time. Every batch follows from the seed and its {@link Position}, so that a run can go on where another one ended.
 */
final class BatchStream {

    private static final int ROWS = 6_000;

    private final Corpus corpus;
    private final RowSampler sampler;
    private final int tokens;
    private final long seed;
    private final List<TrainingRecord> pass = new ArrayList<>();
    private int passNumber = -1;
    private Position position;
    /** The batches that begin where the position says, once they are loaded. */
    private List<List<TrainingRow>> batches = List.of();
    private boolean loaded;
    /** Where the rows behind these batches begin. */
    private Position following;

    /**
     * A place in the stream.
     *
     * @param pass which pass over the corpus
     * @param record where in it the rows at hand begin
     * @param batch which of their batches is next
     */
    record Position(int pass, int record, int batch) {

        static final Position START = new Position(0, 0, 0);
    }

    /** @param tokens how many a batch may have, padding counted */
    BatchStream(Corpus corpus, RowSampler sampler, int tokens, long seed, Position position) {
        this.corpus = corpus;
        this.sampler = sampler;
        this.tokens = tokens;
        this.seed = seed;
        this.position = position;
    }

    /** The place of the batch that {@link #next} gives. */
    Position position() {
        return position;
    }

    /**
     * The next batch.
     *
     * @throws IllegalStateException when no sentence gives a row
     */
    List<TrainingRow> next() {
        while (!loaded || position.batch >= batches.size()) {
            if (loaded) {
                position = following;
            }
            load();
        }
        List<TrainingRow> batch = batches.get(position.batch);
        position = new Position(position.pass, position.record, position.batch + 1);
        return batch;
    }

    private void load() {
        begin(position.pass);
        List<TrainingRow> rows = new ArrayList<>();
        int record = position.record;
        while (record < pass.size() && rows.size() < ROWS) {
            sampler.sample(pass.get(record), random(position.pass, record), rows);
            record++;
        }
        batches = cut(rows, random(-1 - position.pass, position.record));
        loaded = true;
        boolean whole = record == pass.size();
        following = whole ? new Position(position.pass + 1, 0, 0) : new Position(position.pass, record, 0);
        if (whole && position.record == 0 && batches.isEmpty()) {
            throw new IllegalStateException("no sentence of the data can be learned from");
        }
    }

    private List<List<TrainingRow>> cut(List<TrainingRow> rows, Random random) {
        rows.sort(Comparator.comparingInt(TrainingRow::length));
        List<List<TrainingRow>> cut = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (i > from && rows.get(i).length() * (i + 1 - from) > tokens) {
                cut.add(List.copyOf(rows.subList(from, i)));
                from = i;
            }
        }
        if (from < rows.size()) {
            cut.add(List.copyOf(rows.subList(from, rows.size())));
        }
        Collections.shuffle(cut, random);
        return cut;
    }

    /** Each set as often as its weight says, of a fraction a random part, all shuffled. */
    private void begin(int number) {
        if (number == passNumber) {
            return;
        }
        passNumber = number;
        pass.clear();
        Random random = random(number, -1);
        for (DataSet set : corpus.sets()) {
            int whole = (int) set.weight();
            IntStream.range(0, whole).forEach(i -> pass.addAll(set.records()));
            List<TrainingRecord> shuffled = new ArrayList<>(set.records());
            Collections.shuffle(shuffled, random);
            pass.addAll(shuffled.subList(0, (int) ((set.weight() - whole) * shuffled.size())));
        }
        Collections.shuffle(pass, random);
    }

    /**
     * The random numbers of one sentence, batch or pass. What goes in is mixed first: the first numbers of {@link Random}
     * are nearly the same for seeds that follow one another, so that sentence after sentence would be asked alike.
     */
    private Random random(long one, long other) {
        return new Random(new SplittableRandom((seed * 1_000_003 + one) * 1_000_003 + other).nextLong());
    }
}
