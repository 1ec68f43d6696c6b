package io.metaie.adaptation;

import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tag;
import io.metaie.tagging.Tags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** Learns rows by heart: it answers a query as it was taught, and finds nothing in others. */
final class FakeLearner implements Learner {

    final List<Double> rates = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    /** The tokens of the rows of all steps, in their order. */
    final List<String> seen = new ArrayList<>();
    /** The number of its last step, in the run it has last gone on with. */
    int taken;
    boolean closed;
    private final Map<String, byte[]> known = new HashMap<>();
    private final List<Map<String, byte[]>> remembered = new ArrayList<>();
    private final boolean fails;
    private final IntToDoubleFunction loss;

    /** @param loss of each step, from 1 */
    FakeLearner(boolean fails, IntToDoubleFunction loss) {
        this.fails = fails;
        this.loss = loss;
    }

    @Override
    public double step(List<TrainingRow> rows, double learningRate) throws TrainingFailedException {
        if (fails) {
            throw new TrainingFailedException("the loss became NaN");
        }
        taken++;
        rates.add(learningRate);
        batches.add(rows.size());
        rows.forEach(row -> known.put(words(row.query()), row.tags()));
        rows.forEach(row -> seen.add(words(row.query())));
        return loss.applyAsDouble(taken);
    }

    @Override
    public List<Tags> tag(List<Query> queries) {
        return queries.stream().map(query -> {
            byte[] nothing = new byte[query.firsts().length];
            Arrays.fill(nothing, Tag.O);
            byte[] tags = known.getOrDefault(words(query), nothing);
            float[] sure = new float[tags.length];
            Arrays.fill(sure, 1);
            return new Tags(tags, sure);
        }).toList();
    }

    private static String words(Query query) {
        return Arrays.toString(query.tokens());
    }

    @Override
    public List<Entry> weights(ElementType type) {
        return List.of();
    }

    @Override
    public void setWeights(Function<String, StoredTensor> weights) {
        // It has none.
    }

    /** What it knows, under a number that stands in a tensor of one element. */
    @Override
    public List<Entry> state() {
        ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).putInt(0, remembered.size());
        remembered.add(Map.copyOf(known));
        return List.of(new Entry("known", ElementType.F32, new long[] {1}, () -> number));
    }

    @Override
    public void resume(Function<String, StoredTensor> state, long steps) {
        known.clear();
        known.putAll(remembered.get(state.apply("known").data().getInt(0)));
        taken = Math.toIntExact(steps);
    }

    @Override
    public void close() {
        closed = true;
    }
}
