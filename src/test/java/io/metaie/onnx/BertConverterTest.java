package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.tagging.Query;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertConverterTest {

    private static final String TOKENIZER = "{\"added_tokens\": [{\"id\": 0, \"content\": \"[PAD]\", \"special\": true},"
            + " {\"id\": 1, \"content\": \"[UNK]\", \"special\": true}, {\"id\": 2, \"content\": \"[CLS]\", \"special\": true},"
            + " {\"id\": 3, \"content\": \"[SEP]\", \"special\": true}], \"model\": {\"type\": \"WordPiece\","
            + " \"unk_token\": \"[UNK]\", \"vocab\": {\"[PAD]\": 0, \"[UNK]\": 1, \"[CLS]\": 2, \"[SEP]\": 3, \"a\": 4}}}";
    private static final int[] TOKENS = {2, 4, 17, 9, 4, 19, 3};

    @TempDir
    Path directory;

    /** What the classifier makes of the hidden states tells whether they are the same. */
    @Test
    void checkpointComputesWhatTheFileDoes() throws Exception {
        Path onnx = directory.resolve("encoder.onnx");
        Files.write(onnx, TinyBert.model().toByteArray());
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
        Path out = directory.resolve("out");
        BertConverter.convert(onnx, out);
        Checkpoint checkpoint = Checkpoint.open(out);
        assertEquals(TinyBert.HEADS, checkpoint.config().heads());
        assertEquals(2, checkpoint.config().layers());
        assertEquals(1e-12f, checkpoint.config().epsilon());
        assertEquals(List.of(0, 2, 3),
                List.of(checkpoint.config().pad(), checkpoint.config().bos(), checkpoint.config().eos()));
        assertEquals(12, checkpoint.config().maxTokens());
        float[][] hidden = hidden(onnx);
        FloatBuffer classifier = checkpoint.tensor(RobertaTensors.CLASSIFIER + ".weight").data().asFloatBuffer();
        try (OnnxTagger tagger = OnnxTagger.onCpu(checkpoint, 0)) {
            int[] all = IntStream.range(0, TOKENS.length).toArray();
            float[][] logits = tagger.logits(List.of(new Query(TOKENS, all)));
            for (int token = 0; token < TOKENS.length; token++) {
                for (int tag = 0; tag < 3; tag++) {
                    double expected = 0;
                    for (int i = 0; i < TinyBert.HIDDEN; i++) {
                        expected += hidden[token][i] * classifier.get(tag * TinyBert.HIDDEN + i);
                    }
                    assertEquals(expected, logits[token][tag], 1e-5);
                }
            }
        }
    }

    @Test
    void jarHoldsFileAndTokenizer() throws Exception {
        Path jar = directory.resolve("encoder.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("some-tokenizer.json"));
            zip.write(TOKENIZER.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("some.onnx"));
            zip.write(TinyBert.model().toByteArray());
        }
        BertConverter.convert(jar, directory.resolve("out"));
        assertEquals(TinyBert.VOCABULARY, Checkpoint.open(directory.resolve("out")).config().vocabulary());
    }

    @Test
    void whatIsNoBertIsRefused() throws Exception {
        Path onnx = directory.resolve("roberta.onnx");
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
        GraphFile.write(RobertaGraph.ragged(Cases.open("tiny-roberta")), onnx);
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> BertConverter.convert(onnx, directory.resolve("out")));
        assertTrue(refusal.getMessage().contains("BERT"), refusal.getMessage());
        assertThrows(CheckpointException.class,
                () -> BertConverter.convert(directory.resolve("none.onnx"), directory.resolve("out")));
    }

    /** The file alone is the whole model. */
    @Test
    void writtenGraphHasItsWeights() throws Exception {
        Path file = directory.resolve("tiny.onnx");
        GraphFile.write(RobertaGraph.ragged(Cases.open("tiny-roberta")), file);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            assertTrue(session.getInputNames().contains("tokens"));
            assertEquals(List.of("logits"), List.copyOf(session.getOutputNames()));
        }
    }

    private static float[][] hidden(Path onnx) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] ids = IntStream.of(TOKENS).asLongStream().toArray();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor tokens = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {ids.length});
                OrtSession.Result result = session.run(Map.of("input_ids", tokens))) {
            return (float[][]) result.get(0).getValue();
        }
    }
}
