package io.metaie.load;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.ActivationRanges.Accuracy;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.engine.Int8Calibrator;
import io.metaie.evaluation.Example;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * F1 in 32-bit floats and in 8-bit integers, on every evaluation set; without a word of the calibration on them.
 *
 * <p>Arguments: {@code [model directory]}.
 */
public final class Int8Accuracy {

    private Int8Accuracy() {}

    public static void main(String... arguments) throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of(arguments.length > 0 ? arguments[0] : "models/metaie-mini"));
        ActivationRanges ranges = ActivationRanges.read(checkpoint).orElseThrow();
        Map<String, List<Example>> sets = new LinkedHashMap<>();
        for (String name : EvaluationSets.NAMES) {
            sets.put(name, EvaluationSets.read(name));
        }
        System.out.println(Machine.describe());
        System.out.printf("%s, the first %d sentences of each test file, every label asked:%n%n", checkpoint.id(),
                EvaluationSets.LIMIT);
        System.out.println("| file | F1 fp32 | F1 int8 | points |\n| --- | --- | --- | --- |");
        try (Int8Calibrator calibrator = new Int8Calibrator(checkpoint)) {
            ActivationRanges measured = ranges.with(calibrator.accuracy(ranges, sets));
            for (Accuracy set : measured.accuracy()) {
                System.out.printf(Locale.ROOT, "| %s.test | %.2f | %.2f | %+.2f |%n",
                        set.set(), set.fp32(), set.int8(), -set.loss());
            }
            System.out.printf(Locale.ROOT, "| mean | | | %+.2f |%n", -measured.meanLoss());
        }
    }
}
