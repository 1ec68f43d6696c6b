package io.metaie.adaptation.torch;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.PackedRows;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.adaptation.TrainingRow;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tag;
import io.metaie.tagging.Tags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A model that PyTorch trains. */
final class TorchLearner implements Learner {

    /** What the loss passes over: the target of slots that are no word's first sub-token. */
    private static final long IGNORED = -100;

    /** About how many tokens are tagged at a time. */
    private static final int TAGGED_TOKENS = 1_024;

    private static final float LARGEST_NORM = 1;
    private static final List<String> TAGS = List.of("B", "I", "O");
    private static final String VALUES = "values";

    /** A reduction of losses, as PyTorch numbers them. */
    private static final long SUM = 2;

    /** About what a step may keep for its gradients, in bytes, and what it keeps for each token, layer and hidden unit. */
    private static final double STEP_MEMORY = 1.5e9;
    private static final double KEPT_BYTES = 40;

    private final RobertaConfig config;
    private final Trainable trainable;
    private final Optional<DropoutMasks> dropout;
    private final AdamW optimizer;
    /** The classifier's row of each tag. */
    private final int[] rows;
    private final int mostTokens;

    TorchLearner(RobertaConfig config, Trainable trainable, ScalarType type, LearnerSettings settings) {
        this.config = config;
        this.trainable = trainable;
        this.dropout = settings.dropout() > 0
                ? Optional.of(new DropoutMasks(settings.dropout(), type, settings.seed()))
                : Optional.empty();
        this.optimizer = new AdamW(trainable.parameters(), settings.beta2());
        this.rows = TAGS.stream().mapToInt(config.labels()::indexOf).toArray();
        this.mostTokens = (int) (STEP_MEMORY / (KEPT_BYTES * config.layers() * config.hidden()));
    }

    @Override
    public double step(List<TrainingRow> batch, double learningRate) throws TrainingFailedException {
        return NativeUse.of(() -> {
            dropout.ifPresent(masks -> masks.beginStep(optimizer.steps()));
            try (PointerScope scope = new PointerScope()) {
                double loss = backward(batch);
                float norm = trainable.parameters().gradients().norm().item_float();
                if (!Double.isFinite(loss) || !Float.isFinite(norm)) {
                    throw new TrainingFailedException("the loss became " + loss + " at step " + (optimizer.steps() + 1)
                            + "; a lower learning rate may help");
                }
                optimizer.step(learningRate, Math.max(1, norm / LARGEST_NORM));
                return loss;
            }
        });
    }

    /** Computes the loss and its gradients, in parts that fit in memory. */
    private double backward(List<TrainingRow> batch) {
        trainable.parameters().gradients().zero_();
        int words = batch.stream().mapToInt(row -> row.tags().length).sum();
        double sum = 0;
        for (int from = 0; from < batch.size(); ) {
            int to = from;
            for (int tokens = 0; to < batch.size() && (to == from || tokens + batch.get(to).length() <= mostTokens); to++) {
                tokens += batch.get(to).length();
            }
            try (PointerScope scope = new PointerScope()) {
                Tensor loss = loss(batch.subList(from, to), words, dropout);
                loss.backward();
                sum += loss.item_double();
            }
            from = to;
        }
        return sum;
    }

    /** Cross entropy, summed over the words of some rows and divided by the words of all. */
    private Tensor loss(List<TrainingRow> rows, int words, Optional<DropoutMasks> masks) {
        PackedRows packed = pack(rows.stream().map(TrainingRow::query).toList());
        Tensor logits = trainable.network().logits(packed, masks);
        Tensor targets = Tensors.of(targets(rows, packed), packed.slots());
        return torch.cross_entropy_loss(logits, targets, new TensorOptional(), SUM, IGNORED, 0)
                .div(new Scalar((double) words));
    }

    /** The loss on a batch with the weights as they stand, without dropout. */
    double loss(List<TrainingRow> batch) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradients = new NoGradGuard()) {
            int words = batch.stream().mapToInt(row -> row.tags().length).sum();
            return loss(batch, words, Optional.empty()).item_double();
        }
    }

    /** The gradients of the loss on a batch, in the order of {@link #weights}. */
    float[] gradients(List<TrainingRow> batch) {
        try (PointerScope scope = new PointerScope()) {
            backward(batch);
            return Tensors.floats(trainable.parameters().gradients());
        }
    }

    private long[] targets(List<TrainingRow> batch, PackedRows packed) {
        long[] targets = new long[packed.slots()];
        Arrays.fill(targets, IGNORED);
        for (int i = 0; i < batch.size(); i++) {
            TrainingRow row = batch.get(i);
            for (int word = 0; word < row.tags().length; word++) {
                targets[packed.starts()[i] + row.query().firsts()[word]] = rows[row.tags()[word]];
            }
        }
        return targets;
    }

    @Override
    public List<Tags> tag(List<Query> queries) {
        List<Tags> answers = new ArrayList<>();
        for (int from = 0; from < queries.size(); ) {
            int to = from;
            for (int tokens = 0; to < queries.size() && (to == from || tokens < TAGGED_TOKENS); to++) {
                tokens += queries.get(to).length();
            }
            List<Query> part = queries.subList(from, to);
            for (float[][] logits : NativeUse.of(() -> logits(part))) {
                answers.add(tags(logits));
            }
            from = to;
        }
        return answers;
    }

    /** The classifier's raw numbers: for each query {@code [words][3]}, in the order B, I, O. */
    List<float[][]> logits(List<Query> queries) {
        if (queries.isEmpty()) {
            return List.of();
        }
        PackedRows packed = pack(queries);
        float[] logits;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradients = new NoGradGuard()) {
            logits = Tensors.floats(trainable.network().logits(packed, Optional.empty()));
        }
        List<float[][]> answers = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            int[] firsts = queries.get(i).firsts();
            float[][] answer = new float[firsts.length][TAGS.size()];
            for (int word = 0; word < firsts.length; word++) {
                int slot = packed.starts()[i] + firsts[word];
                for (int tag = 0; tag < TAGS.size(); tag++) {
                    answer[word][tag] = logits[slot * TAGS.size() + rows[tag]];
                }
            }
            answers.add(answer);
        }
        return answers;
    }

    private static Tags tags(float[][] logits) {
        byte[] tags = new byte[logits.length];
        float[] probabilities = new float[logits.length];
        for (int word = 0; word < logits.length; word++) {
            float[] row = logits[word];
            byte best = Tag.B;
            for (byte tag = Tag.I; tag <= Tag.O; tag++) {
                best = row[tag] > row[best] ? tag : best;
            }
            double sum = 0;
            for (float logit : row) {
                sum += Math.exp(logit - row[best]);
            }
            tags[word] = best;
            probabilities[word] = (float) (1 / sum);
        }
        return new Tags(tags, probabilities);
    }

    private PackedRows pack(List<Query> queries) {
        return PackedRows.of(queries, config.pad(), config.firstPosition());
    }

    @Override
    public List<Entry> weights(ElementType type) {
        return entries("", trainable.parameters().values(), type);
    }

    @Override
    public void setWeights(Function<String, StoredTensor> weights) {
        NativeUse.run(() -> set("", trainable.parameters().values(), weights));
    }

    @Override
    public List<Entry> state() {
        List<Entry> state = new ArrayList<>();
        rows().forEach((name, row) -> state.addAll(entries(name + "/", row, ElementType.F32)));
        return state;
    }

    @Override
    public void resume(Function<String, StoredTensor> state, long steps) {
        rows().forEach((name, row) -> NativeUse.run(() -> set(name + "/", row, state)));
        optimizer.resumeAt(steps);
    }

    private Map<String, Tensor> rows() {
        return Map.of(VALUES, trainable.parameters().values(), "first", optimizer.first(), "second", optimizer.second());
    }

    private List<Entry> entries(String prefix, Tensor row, ElementType type) {
        List<Entry> entries = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            trainable.parameters().partsOf(row).forEach((name, part) -> entries.add(new Entry(
                    prefix + name,
                    type,
                    Tensors.shape(part),
                    () -> NativeUse.of(() -> {
                        try (PointerScope copying = new PointerScope()) {
                            return Tensors.bytes(trainable.parameters().partsOf(row).get(name), type);
                        }
                    }))));
        }
        return entries;
    }

    private void set(String prefix, Tensor row, Function<String, StoredTensor> stored) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradients = new NoGradGuard()) {
            trainable.parameters().partsOf(row).forEach((name, part) ->
                    part.copy_(Tensors.of(stored.apply(prefix + name), ScalarType.Float)));
        }
    }

    @Override
    public void close() {
        NativeUse.free(() -> {
            optimizer.close();
            dropout.ifPresent(DropoutMasks::close);
            trainable.close();
        });
    }
}
