package io.metaie.adaptation.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.adaptation.TrainingRow;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.onnx.Cases;
import io.metaie.onnx.Cases.Case;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchLearnerTest {

    private static final double RATE = 1e-2;

    private static TorchTrainer trainer;

    @BeforeAll
    static void open() throws Exception {
        trainer = TorchTrainer.open(new TorchSettings(TorchSettings.defaultCache(), 1, Arithmetic.FP32), notice -> {});
    }

    static List<String> checkpoints() {
        return Cases.checkpoints();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void beforeTheFirstStepLogitsAreThoseOfTransformers(String name) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        for (Method method : List.of(Method.Lora.ofRank(8), new Method.Full())) {
            try (TorchLearner learner = learner(checkpoint, method, 0)) {
                List<Case> cases = Cases.of(name);
                List<float[][]> logits = learner.logits(cases.stream().map(Case::query).toList());
                List<String> order = checkpoint.config().labels();
                for (int i = 0; i < cases.size(); i++) {
                    for (int word = 0; word < logits.get(i).length; word++) {
                        float[] row = cases.get(i).logits()[word];
                        float[] inOrder = {row[order.indexOf("B")], row[order.indexOf("I")], row[order.indexOf("O")]};
                        assertArrayEquals(inOrder, logits.get(i)[word], 1e-4f, method + ", case " + i + ", word " + word);
                    }
                }
            }
        }
    }

    /** Dropout is off, so that the loss is a function of the weights; central differences then tell its gradient. */
    @Test
    void gradientIsTheSlopeOfTheLoss() throws Exception {
        for (Method method : List.of(Method.Lora.ofRank(4), new Method.Full())) {
            try (TorchLearner learner = learner(Cases.open("tiny-roberta"), method, 0)) {
                List<TrainingRow> rows = rows("tiny-roberta");
                learner.step(rows, RATE); // B of a fresh LoRA is zero, and so is the gradient of its A
                float[] gradients = learner.gradients(rows);
                float[] values = values(learner);
                double length = Math.sqrt(dot(gradients, gradients));
                Random random = new Random(7);
                for (int direction = 0; direction < 3; direction++) {
                    float[] along = direction == 0 ? gradients.clone() : mixed(gradients, random);
                    double step = 1e-2 / Math.sqrt(dot(along, along));
                    double slope = (lossAt(learner, rows, values, along, step) - lossAt(learner, rows, values, along, -step))
                            / (2 * step);
                    double expected = dot(gradients, along);
                    assertEquals(1, slope / expected, 0.05, method + ": |g| = " + length);
                }
            }
        }
    }

    /** The first step of AdamW moves each weight by the learning rate against its gradient's sign, after decaying it. */
    @Test
    void firstStepIsThatOfAdamW() throws Exception {
        try (TorchLearner learner = learner(Cases.open("tiny-roberta"), new Method.Full(), 0)) {
            List<TrainingRow> rows = rows("tiny-roberta");
            float[] before = values(learner);
            float[] gradients = learner.gradients(rows);
            double norm = Math.max(1, Math.sqrt(dot(gradients, gradients)));
            learner.step(rows, RATE);
            float[] after = values(learner);
            for (int i = 0; i < before.length; i++) {
                double g = gradients[i] / norm;
                double expected = before[i] * (1 - RATE * 0.01) - RATE * g / (Math.abs(g) + 1e-8);
                // Where the gradient is of the size of epsilon, so is the rounding of its moments.
                assertEquals(expected, after[i], Math.abs(g) < 1e-6 ? RATE : 1e-5, "weight " + i);
            }
        }
    }

    @Test
    void lossFalls() throws Exception {
        for (Method method : List.of(Method.Lora.ofRank(8), new Method.Full())) {
            try (TorchLearner learner = learner(Cases.open("tiny-roberta"), method, 0.1)) {
                List<TrainingRow> rows = rows("tiny-roberta");
                double first = learner.step(rows, RATE);
                double last = first;
                for (int i = 0; i < 30; i++) {
                    last = learner.step(rows, RATE);
                }
                assertTrue(last < first / 2, method + ": " + first + " → " + last);
                assertEquals(Arrays.toString(rows.get(0).tags()),
                        Arrays.toString(learner.tag(List.of(rows.get(0).query())).get(0).tags()));
            }
        }
    }

    @Test
    void sameSeedSameWeights() throws Exception {
        Method lora = Method.Lora.ofRank(8);
        assertArrayEquals(trained(lora, 1), trained(lora, 1));
        assertNotEquals(Arrays.hashCode(trained(lora, 1)), Arrays.hashCode(trained(lora, 2)));
    }

    @Test
    void goesOnFromItsState() throws Exception {
        List<TrainingRow> rows = rows("tiny-roberta");
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        try (TorchLearner whole = learner(checkpoint, new Method.Full(), 0.1);
                TorchLearner resumed = learner(checkpoint, new Method.Full(), 0.1)) {
            for (int i = 0; i < 3; i++) {
                whole.step(rows, RATE);
            }
            resumed.resume(stored(whole.state())::get, 3);
            assertEquals(whole.step(rows, RATE), resumed.step(rows, RATE));
            assertArrayEquals(values(whole), values(resumed));
        }
    }

    @Test
    void weightsCanBeSet() throws Exception {
        List<TrainingRow> rows = rows("tiny-roberta");
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        try (TorchLearner one = learner(checkpoint, Method.Lora.ofRank(8), 0.1);
                TorchLearner other = learner(checkpoint, Method.Lora.ofRank(8), 0.1)) {
            one.step(rows, RATE);
            one.step(rows, RATE);
            other.setWeights(stored(one.weights(ElementType.F32))::get);
            List<Query> queries = rows.stream().map(TrainingRow::query).toList();
            assertArrayEquals(one.logits(queries).get(0)[0], other.logits(queries).get(0)[0]);
        }
    }

    @Test
    void lossThatIsNoNumberFails() throws Exception {
        try (TorchLearner learner = learner(Cases.open("tiny-roberta"), new Method.Full(), 0)) {
            List<TrainingRow> rows = rows("tiny-roberta");
            TrainingFailedException failure = assertThrows(TrainingFailedException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    learner.step(rows, 1e30);
                }
            });
            assertTrue(failure.getMessage().startsWith("the loss became "), failure.getMessage());
        }
    }

    private static float[] trained(Method method, long seed) throws Exception {
        LearnerSettings settings = new LearnerSettings(method, 0.1, 0.999, seed);
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        try (TorchLearner learner =
                (TorchLearner) trainer.learner(checkpoint.config(), checkpoint::tensor, settings)) {
            for (int i = 0; i < 3; i++) {
                learner.step(rows("tiny-roberta"), RATE);
            }
            return values(learner);
        }
    }

    private static TorchLearner learner(Checkpoint checkpoint, Method method, double dropout) throws CheckpointException {
        LearnerSettings settings = new LearnerSettings(method, dropout, 0.999, 1);
        return (TorchLearner) trainer.learner(checkpoint.config(), checkpoint::tensor, settings);
    }

    /** The first word of each case is a span of one, the next two a span of two. */
    private static List<TrainingRow> rows(String name) {
        List<TrainingRow> rows = new ArrayList<>();
        for (Case one : Cases.of(name)) {
            byte[] tags = new byte[one.query().firsts().length];
            Arrays.fill(tags, Tag.O);
            byte[] begin = {Tag.B, Tag.B, Tag.I};
            System.arraycopy(begin, 0, tags, 0, Math.min(begin.length, tags.length));
            rows.add(new TrainingRow(one.query(), tags));
        }
        return rows;
    }

    private static Map<String, StoredTensor> stored(List<Entry> entries) {
        return entries.stream().collect(Collectors.toMap(Entry::name, entry -> {
            ByteBuffer data = entry.data().get();
            return new StoredTensor(entry.name(), entry.type(), entry.shape(), data);
        }));
    }

    private static float[] values(TorchLearner learner) {
        List<ByteBuffer> data = learner.weights(ElementType.F32).stream().map(entry -> entry.data().get()).toList();
        FloatBuffer values = FloatBuffer.allocate(data.stream().mapToInt(ByteBuffer::remaining).sum() / Float.BYTES);
        data.forEach(each -> values.put(each.asFloatBuffer()));
        return values.array();
    }

    private static double lossAt(TorchLearner learner, List<TrainingRow> rows, float[] values, float[] along, double step) {
        Map<String, StoredTensor> moved = new HashMap<>();
        int next = 0;
        for (Entry entry : learner.weights(ElementType.F32)) {
            ByteBuffer data = ByteBuffer.allocateDirect((int) entry.bytes()).order(ByteOrder.nativeOrder());
            for (; data.hasRemaining(); next++) {
                data.putFloat((float) (values[next] + step * along[next]));
            }
            moved.put(entry.name(), new StoredTensor(entry.name(), entry.type(), entry.shape(), data.flip()));
        }
        learner.setWeights(moved::get);
        return learner.loss(rows);
    }

    private static float[] mixed(float[] gradients, Random random) {
        float[] mixed = new float[gradients.length];
        double scale = Math.sqrt(dot(gradients, gradients) / gradients.length);
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (float) (gradients[i] + random.nextGaussian() * scale * 0.5);
        }
        return mixed;
    }

    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
