package io.metaie.engine;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.ActivationRanges.Accuracy;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Selection;
import io.metaie.onnx.Calibration;
import io.metaie.onnx.Device;
import io.metaie.onnx.DeviceException;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.Tagger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Makes a checkpoint ready for 8-bit integers, and measures what they cost it. */
public final class Int8Calibrator implements AutoCloseable {

    private static final Source SOURCE = new Source("calibration", false);
    private static final int BATCH_TOKENS = 512;
    private static final int WINDOW = 256;

    private final Checkpoint checkpoint;
    private final Vocabulary vocabulary;
    private final OnnxTagger floats;

    /**
     * @throws CheckpointException when its vocabulary cannot be read
     * @throws DeviceException when it cannot be run here
     */
    public Int8Calibrator(Checkpoint checkpoint) throws CheckpointException, DeviceException {
        this.checkpoint = checkpoint;
        this.vocabulary = Vocabulary.open(checkpoint);
        try {
            this.floats = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, 0);
        } catch (DeviceException | RuntimeException e) {
            vocabulary.close();
            throw e;
        }
    }

    /** The ranges of the layers' inputs while every label of some examples is asked. */
    public ActivationRanges ranges(List<Example> examples) throws DeviceException {
        List<Query> asked = Collections.synchronizedList(new ArrayList<>());
        try (MicroBatcher batcher = batcher(floats)) {
            new Evaluator(vocabulary, queries -> {
                asked.addAll(queries);
                return batcher.submit(SOURCE, Adapter.NONE, queries);
            }, Selection.ALL).evaluate(examples.iterator(), done -> {});
        }
        try (Calibration calibration = new Calibration(checkpoint)) {
            calibration.observe(asked);
            return calibration.ranges();
        }
    }

    /** Measures F1 in floats and in integers on sets of examples. */
    public List<Accuracy> accuracy(ActivationRanges ranges, Map<String, List<Example>> sets) throws DeviceException {
        List<Accuracy> measured = new ArrayList<>();
        try (OnnxTagger integers = Taggers.int8(checkpoint, ranges, 0)) {
            sets.forEach((name, examples) ->
                    measured.add(new Accuracy(name, f1(floats, examples), f1(integers, examples))));
        }
        return measured;
    }

    private double f1(Tagger tagger, List<Example> examples) {
        try (MicroBatcher batcher = batcher(tagger)) {
            return 100 * new Evaluator(vocabulary, batcher, SOURCE, Adapter.NONE, Selection.ALL)
                    .evaluate(examples.iterator(), done -> {}).micro().f1();
        }
    }

    private static MicroBatcher batcher(Tagger tagger) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new MicroBatcher(
                tagger, new BatchSettings(cores, BATCH_TOKENS, WINDOW, Duration.ZERO), BatchObserver.NONE);
    }

    @Override
    public void close() {
        floats.close();
        vocabulary.close();
    }
}
