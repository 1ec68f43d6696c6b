package io.metaie.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a checkpoint's numbers, so that it can be run in 8-bit integers: from where to where the inputs of its
 * linear layers go, and how well it tags when they are rounded. It lies beside the weights, as {@value #FILE}, and holds
 * for them alone.
 *
 * @param model the checkpoint's hash
 * @param ranges the inputs' ranges by {@linkplain RobertaTensors#input name}
 * @param accuracy what rounding does to F1, on each set it was measured on; none if it was not measured
 */
public record ActivationRanges(String model, Map<String, Range> ranges, List<Accuracy> accuracy) {

    /** The file's name in the checkpoint's directory. */
    public static final String FILE = "int8.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    public ActivationRanges {
        ranges = Map.copyOf(ranges);
        accuracy = List.copyOf(accuracy);
    }

    /** Where the inputs of a layer go from and to; numbers beyond are cut off. 0 lies between them. */
    public record Range(float min, float max) {

        private static final int STEPS = 255;

        public Range {
            if (!(min <= 0 && max >= 0 && min < max && Float.isFinite(max - min))) {
                throw new IllegalArgumentException("no range: " + min + " to " + max);
            }
        }

        /** How far apart two of the 256 numbers are. */
        public float scale() {
            return (max - min) / STEPS;
        }

        /** Which of the 256 numbers is 0. */
        public int zero() {
            return Math.round(-min / scale());
        }
    }

    /**
     * F1 on one set of examples, in percent.
     *
     * @param set the set's name
     */
    public record Accuracy(String set, double fp32, double int8) {

        /** How far it falls, in points. */
        public double loss() {
            return fp32 - int8;
        }
    }

    /** How far F1 may fall on the mean of the sets, in points, for 8-bit integers to be worth their speed. */
    public static final double MEAN_LOSS = 0.5;
    /** How far it may fall on any set. */
    public static final double LARGEST_LOSS = 1.5;

    /** How far F1 falls on the mean of the sets, in points; NaN if it was not measured. */
    public double meanLoss() {
        return accuracy.stream().mapToDouble(Accuracy::loss).average().orElse(Double.NaN);
    }

    /** How far F1 falls on the set where it falls farthest, in points; NaN if it was not measured. */
    public double largestLoss() {
        return accuracy.stream().mapToDouble(Accuracy::loss).max().orElse(Double.NaN);
    }

    /** Whether so little is lost, on sets where it was measured, that integers may be taken unasked. */
    public boolean accepted() {
        return meanLoss() <= MEAN_LOSS && largestLoss() <= LARGEST_LOSS;
    }

    /** The range of a linear layer's input. */
    public Range of(String layer) {
        return ranges.get(RobertaTensors.input(layer));
    }

    /** The same ranges with what has been measured of them. */
    public ActivationRanges with(List<Accuracy> measured) {
        return new ActivationRanges(model, ranges, measured);
    }

    /**
     * Reads a checkpoint's file.
     *
     * @return nothing if it has none
     * @throws CheckpointException when the file is damaged or another model's
     */
    public static Optional<ActivationRanges> read(Checkpoint checkpoint) throws CheckpointException {
        Path file = checkpoint.directory().resolve(FILE);
        try {
            ActivationRanges read = parse(JSON.readTree(Files.readAllBytes(file)));
            if (!read.model.equals(checkpoint.hash())) {
                throw new CheckpointException(file + " belongs to the model " + read.model + ", not to " + checkpoint.id()
                        + "; calibrate again");
            }
            for (String layer : RobertaTensors.linearLayers(checkpoint.config())) {
                if (read.of(layer) == null) {
                    throw new CheckpointException(file + " has no range for " + layer + "; calibrate again");
                }
            }
            return Optional.of(read);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new CheckpointException(file + " is damaged; calibrate again", e);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ActivationRanges parse(JsonNode json) {
        Map<String, Range> ranges = new TreeMap<>();
        json.path("ranges").fields().forEachRemaining(entry -> ranges.put(
                entry.getKey(),
                new Range(number(entry.getValue(), 0), number(entry.getValue(), 1))));
        List<Accuracy> accuracy = new ArrayList<>();
        for (JsonNode set : json.path("accuracy")) {
            accuracy.add(new Accuracy(
                    set.path("set").asText(), set.path("fp32").asDouble(Double.NaN), set.path("int8").asDouble(Double.NaN)));
        }
        return new ActivationRanges(json.path("model").asText(), ranges, accuracy);
    }

    private static float number(JsonNode range, int index) {
        return (float) range.path(index).asDouble(Double.NaN);
    }

    /** Writes the file of a checkpoint, whole or not at all. */
    public void write(Path directory) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("model", model);
        ObjectNode node = json.putObject("ranges");
        new TreeMap<>(ranges).forEach((name, range) -> node.putArray(name).add(range.min).add(range.max));
        ArrayNode sets = json.putArray("accuracy");
        accuracy.forEach(set -> sets.addObject()
                .put("set", set.set).put("fp32", set.fp32).put("int8", set.int8));
        Path part = directory.resolve(FILE + ".part");
        Files.write(part, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        Files.move(part, directory.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    }
}
