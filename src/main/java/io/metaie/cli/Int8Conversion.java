package io.metaie.cli;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.ActivationRanges.Accuracy;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.dataset.ExampleReader;
import io.metaie.engine.Int8Calibrator;
import io.metaie.evaluation.Example;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.onnx.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;

/** Makes a checkpoint ready for 8-bit integers: what {@code convert --calibrate} does. */
final class Int8Conversion {

    /** How many examples are looked at, drawn from all of a file. */
    private static final int CALIBRATED = 256;
    /** How many examples of a file F1 is measured on: its first ones. */
    private static final int VERIFIED = 500;
    private static final long SEED = 1;

    private final Terminal terminal;

    Int8Conversion(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Writes {@link ActivationRanges#FILE} into a checkpoint's directory.
     *
     * @param calibrate examples like those it was trained on
     * @param verify what F1 is measured on; not measured if there are none
     */
    void run(Path directory, Path calibrate, List<Path> verify) throws IOException, CheckpointException {
        ModelOption.beQuiet();
        Checkpoint checkpoint = Checkpoint.open(directory);
        try (Int8Calibrator calibrator = new Int8Calibrator(checkpoint)) {
            List<Example> drawn = drawn(calibrate);
            ActivationRanges ranges = calibrator.ranges(drawn);
            terminal.message("calibrated on " + drawn.size() + " examples of " + calibrate);
            if (!verify.isEmpty()) {
                ranges = ranges.with(calibrator.accuracy(ranges, sets(verify)));
                terminal.out().println(table(ranges));
            }
            ranges.write(directory);
            terminal.message(directory.resolve(ActivationRanges.FILE) + ": " + verdict(ranges));
        } catch (DeviceException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (CompletionException e) {
            throw new CommandException("the model failed: " + e.getCause().getMessage(), e);
        }
    }

    private static String verdict(ActivationRanges ranges) {
        if (ranges.accuracy().isEmpty()) {
            return "metaie.precision=int8 can be had; auto does not take it, since F1 was not measured (--verify)";
        }
        String limits = String.format(Locale.ROOT, "%.1f points on the mean, %.1f on any set",
                ActivationRanges.MEAN_LOSS, ActivationRanges.LARGEST_LOSS);
        return ranges.accepted()
                ? "metaie.precision=auto takes int8 where it is faster: F1 falls by no more than " + limits
                : "metaie.precision=auto does not take int8: F1 falls by more than " + limits;
    }

    private static String table(ActivationRanges ranges) {
        int width = ranges.accuracy().stream().mapToInt(set -> set.set().length()).max().orElse(0);
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%-" + width + "s   fp32    int8  points%n", "F1"));
        for (Accuracy set : ranges.accuracy()) {
            table.append(String.format(Locale.ROOT, "%-" + width + "s  %5.2f   %5.2f  %+6.2f%n",
                    set.set(), set.fp32(), set.int8(), -set.loss()));
        }
        return table.append(String.format(Locale.ROOT, "%-" + width + "s                 %+6.2f", "mean", -ranges.meanLoss()))
                .toString();
    }

    /** Examples from anywhere in a file, the same whenever it is read. */
    private static List<Example> drawn(Path file) {
        Random random = new Random(SEED);
        List<Example> drawn = new ArrayList<>();
        read(file, (example, number) -> {
            if (number < CALIBRATED) {
                drawn.add(example);
            } else {
                // Vitter's algorithm R: every example ends up among them with the same probability.
                long place = random.nextLong(number + 1);
                if (place < CALIBRATED) {
                    drawn.set((int) place, example);
                }
            }
            return true;
        });
        return drawn;
    }

    private static Map<String, List<Example>> sets(List<Path> files) {
        Map<String, List<Example>> sets = new LinkedHashMap<>();
        for (Path file : files) {
            List<Example> first = new ArrayList<>();
            read(file, (example, number) -> {
                first.add(example);
                return number + 1 < VERIFIED;
            });
            String name = file.getFileName().toString();
            sets.put(sets.containsKey(name) ? file.toString() : name, first);
        }
        return sets;
    }

    private interface Taker {

        /** @return whether it takes more */
        boolean take(Example example, long number);
    }

    private static void read(Path file, Taker taker) {
        try (TextFile text = TextFiles.open(file)) {
            ExampleReader reader = new ExampleReader(file.toString(), text.content(), Optional.empty());
            long number = 0;
            for (boolean more = true; more && reader.hasNext(); number++) {
                more = taker.take(reader.next(), number);
            }
            if (number == 0) {
                throw new CommandException("no examples in " + file);
            }
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandException(e.getCause().getMessage(), e);
        }
    }
}
