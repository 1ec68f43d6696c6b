package io.metaie.checkpoint;

import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a task adds to the meta-model: for every linear layer of the encoder A, {@code [rank, in]}, and B,
 * {@code [out, rank]}, by which it computes {@code x Wᵀ + b + (alpha / rank) (x Aᵀ) Bᵀ}, and a classifier of its own. As
 * a file it is what PEFT writes: safetensors in fp16, tensors named {@code base_model.model.<layer>.lora_A.weight} and so
 * on; the header's metadata says what it belongs to.
 */
public final class AdapterFile {

    /** The tensor of a linear layer's A is called {@code <layer>.lora_A.weight}. */
    public static final String A = ".lora_A.weight";
    /** The tensor of a linear layer's B is called {@code <layer>.lora_B.weight}. */
    public static final String B = ".lora_B.weight";

    private static final String PREFIX = "base_model.model.";
    private static final int MOST_RANK = 1_024;
    private static final int LONGEST = 64 << 20;

    private final Description description;
    private final Map<String, StoredTensor> tensors;

    private AdapterFile(Description description, Map<String, StoredTensor> tensors) {
        this.description = description;
        this.tensors = tensors;
    }

    /**
     * What an adapter belongs to.
     *
     * @param model the {@linkplain Checkpoint#hash() hash} of the model it was trained on
     * @param rank the inner dimension of A and B
     * @param alpha how strongly they count
     * @param task the task's name, empty if it has none
     * @param labels what the task asks: a JSON array as in a document
     */
    public record Description(String model, int rank, double alpha, String task, String labels) {

        private static final String FORMAT = "format";

        Map<String, String> metadata() {
            return Map.of(FORMAT, "pt", "model", model, "rank", String.valueOf(rank), "alpha", String.valueOf(alpha),
                    "task", task, "labels", labels);
        }

        static Description of(Map<String, String> metadata) throws AdapterException {
            for (String field : List.of("model", "rank", "alpha", "task", "labels")) {
                if (!metadata.containsKey(field)) {
                    throw new AdapterException("not an adapter of this program: its header does not say \"" + field + "\"");
                }
            }
            try {
                Description description = new Description(metadata.get("model"), Integer.parseInt(metadata.get("rank")),
                        Double.parseDouble(metadata.get("alpha")), metadata.get("task"), metadata.get("labels"));
                if (description.rank > 0 && description.rank <= MOST_RANK && Double.isFinite(description.alpha)) {
                    return description;
                }
            } catch (NumberFormatException e) {
                // As bad as a number out of range.
            }
            throw new AdapterException("not a usable adapter: rank " + metadata.get("rank") + ", alpha "
                    + metadata.get("alpha"));
        }
    }

    /**
     * An adapter of trained weights.
     *
     * @param weights fp16, named as here
     */
    public static AdapterFile of(Description description, List<Entry> weights) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Entry weight : weights) {
            if (weight.type() != ElementType.F16) {
                throw new IllegalArgumentException("adapters are stored in fp16: " + weight.name());
            }
            tensors.put(weight.name(), new StoredTensor(weight.name(), weight.type(), weight.shape(), weight.data().get()));
        }
        return new AdapterFile(description, tensors);
    }

    /**
     * Reads an adapter from a file.
     *
     * @throws AdapterException when it is damaged, or no adapter of this program
     */
    public static AdapterFile read(Path file) throws AdapterException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(LONGEST + 1));
        }
    }

    /**
     * Reads an adapter.
     *
     * @throws AdapterException when it is damaged, or no adapter of this program
     */
    public static AdapterFile read(byte[] bytes) throws AdapterException {
        if (bytes.length > LONGEST) {
            throw new AdapterException("too long for an adapter: at most " + LONGEST + " bytes are read");
        }
        SafetensorsBytes file = SafetensorsBytes.read(bytes);
        Description description = Description.of(file.metadata());
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (StoredTensor tensor : file.tensors()) {
            if (!tensor.name().startsWith(PREFIX) || tensor.type() != ElementType.F16) {
                throw new AdapterException("not an adapter of this program: it has a tensor " + tensor.name() + " of type "
                        + tensor.type());
            }
            if (!tensor.isFinite()) {
                throw new AdapterException("damaged: tensor " + tensor.name() + " holds what is no number");
            }
            String name = tensor.name().substring(PREFIX.length());
            tensors.put(name, new StoredTensor(name, tensor.type(), tensor.shape(), tensor.data()));
        }
        return new AdapterFile(description, tensors);
    }

    /** The file's bytes. */
    public byte[] bytes() {
        List<Entry> entries = new ArrayList<>();
        tensors.forEach((name, tensor) ->
                entries.add(new Entry(PREFIX + name, tensor.type(), tensor.shape(), tensor::data)));
        return SafetensorsWriter.bytes(description.metadata(), entries);
    }

    public Description description() {
        return description;
    }

    /** A tensor by its name, such as {@code roberta.encoder.layer.0.output.dense.lora_A.weight}. */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("The adapter has no tensor " + name);
        }
        return tensor;
    }

    /**
     * Makes sure that it was trained on this very model and is complete.
     *
     * @throws AdapterException when it was not or is not
     */
    public void checkFits(Checkpoint checkpoint) throws AdapterException {
        if (!description.model.equals(checkpoint.hash())) {
            throw new AdapterException("the adapter was trained on a model with the hash " + description.model + ", not on "
                    + checkpoint.id());
        }
        Map<String, long[]> shapes = shapes(checkpoint.config(), description.rank);
        for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
            StoredTensor tensor = tensors.get(shape.getKey());
            if (tensor == null || !Arrays.equals(tensor.shape(), shape.getValue())) {
                throw new AdapterException("the adapter's tensor " + shape.getKey() + " "
                        + (tensor == null ? "is missing" : "has the shape " + Arrays.toString(tensor.shape())
                                + ", not " + Arrays.toString(shape.getValue())));
            }
        }
        if (tensors.size() != shapes.size()) {
            throw new AdapterException("the adapter has " + tensors.size() + " tensors, not " + shapes.size());
        }
    }

    /** The tensors of an adapter, with their shapes. */
    public static Map<String, long[]> shapes(RobertaConfig config, int rank) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        RobertaTensors.shapes(config).forEach((name, shape) -> {
            if (name.startsWith(RobertaTensors.CLASSIFIER)) {
                shapes.put(name, shape);
            } else if (isLinear(name, shape)) {
                String layer = name.substring(0, name.length() - ".weight".length());
                shapes.put(layer + A, new long[] {rank, shape[1]});
                shapes.put(layer + B, new long[] {shape[0], rank});
            }
        });
        return shapes;
    }

    /** Of the encoder's layers, only linear ones have weights of two dimensions. */
    private static boolean isLinear(String name, long[] shape) {
        return name.startsWith("roberta.encoder.") && shape.length == 2;
    }
}
