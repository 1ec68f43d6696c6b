package io.metaie.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.metaie.onnx.proto.GraphProto;
import io.metaie.onnx.proto.ModelProto;
import io.metaie.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes graphs as ONNX files that stand for themselves, their weights in them. */
public final class GraphFile {

    /** Protocol buffers cannot be longer. */
    private static final long LONGEST = Integer.MAX_VALUE - (16L << 20);

    private GraphFile() {}

    /**
     * Writes a file, whole or not at all.
     *
     * @throws IOException also when the weights are more than an ONNX file can hold
     */
    public static void write(Graph graph, Path file) throws IOException {
        long bytes = graph.weights().values().stream().mapToLong(tensor -> tensor.data().remaining()).sum();
        if (bytes > LONGEST) {
            throw new IOException("the model's " + bytes + " bytes of weights do not fit in one ONNX file; store the"
                    + " checkpoint in fp16 first");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            withWeights(graph).writeTo(coded);
            coded.flush();
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ModelProto withWeights(Graph graph) {
        GraphProto.Builder whole = graph.model().getGraph().toBuilder().clearInitializer();
        for (TensorProto initializer : graph.model().getGraph().getInitializerList()) {
            Initializer weight = graph.weights().get(initializer.getName());
            whole.addInitializer(weight == null
                    ? initializer
                    : initializer.toBuilder()
                            .clearExternalData()
                            .clearDataLocation()
                            // The mapped file is not copied into memory.
                            .setRawData(UnsafeByteOperations.unsafeWrap(weight.data()))
                            .build());
        }
        return graph.model().toBuilder().setGraph(whole).build();
    }
}
