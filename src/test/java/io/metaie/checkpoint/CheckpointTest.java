package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    Path directory;

    private CheckpointCopy copy;

    @BeforeEach
    void copy() throws Exception {
        copy = CheckpointCopy.of("tiny-roberta", directory);
    }

    /** What opening the copy is refused with, the weights and the tokenizer included. */
    private String refusal() {
        String message = assertThrows(CheckpointException.class, () -> Vocabulary.open(Checkpoint.open(directory)))
                .getMessage();
        assertTrue(message.contains(directory.toString()), message);
        return message;
    }

    private static void assertSays(String part, String message) {
        assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
    }

    @Test
    void theBundledModelHasItsName() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of("models/metaie-mini/."));
        assertEquals("metaie-mini@f165234b304f", checkpoint.id());
        assertEquals(512, checkpoint.config().maxTokens());
        assertEquals(32, checkpoint.config().headWidth());
        assertEquals(101, checkpoint.config().bos());
        assertEquals(102, checkpoint.config().eos());
    }

    @Test
    void tensorsAreThoseOfTheFile() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(directory);
        assertEquals(128, checkpoint.config().maxTokens());
        StoredTensor bias = checkpoint.tensor("classifier.bias");
        assertArrayEquals(new long[] {3}, bias.shape());
        assertEquals(StoredTensor.ElementType.F32, bias.type());
        assertEquals(12, bias.data().capacity());
        assertThrows(IllegalArgumentException.class, () -> checkpoint.tensor("pooler.dense.weight"));
    }

    @Test
    void aMissingDirectoryIsRefused() {
        Path missing = directory.resolve("missing");
        String message = assertThrows(CheckpointException.class, () -> Checkpoint.open(missing)).getMessage();
        assertSays("no model directory " + missing, message);
    }

    @Test
    void aDirectoryWithoutConfigurationIsRefused() throws Exception {
        Files.delete(copy.file("config.json"));
        assertSays("no config.json", refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"roberta\""})
    void aConfigurationThatIsNoJsonObjectIsRefused(String text) throws Exception {
        Files.writeString(copy.file("config.json"), text);
        assertSays("config.json is not", refusal());
    }

    @Test
    void anotherModelTypeIsRefused() throws Exception {
        copy.change("config.json", json -> json.put("model_type", "deberta-v2"));
        assertSays("model_type is 'deberta-v2'; this program runs roberta and xlm-roberta", refusal());
    }

    @Test
    void anotherHeadIsRefused() throws Exception {
        copy.change("config.json", json -> json.putArray("architectures").add("RobertaForMaskedLM"));
        assertSays("RobertaForMaskedLM, not a token classifier", refusal());
    }

    @Test
    void anotherActivationIsRefused() throws Exception {
        copy.change("config.json", json -> json.put("hidden_act", "gelu_new"));
        assertSays("hidden_act is 'gelu_new'", refusal());
    }

    @Test
    void relativePositionsAreRefused() throws Exception {
        copy.change("config.json", json -> json.put("position_embedding_type", "relative_key"));
        assertSays("position_embedding_type", refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hidden_size", "num_attention_heads", "max_position_embeddings", "pad_token_id"})
    void aConfigurationThatLacksANumberIsRefused(String field) throws Exception {
        copy.change("config.json", json -> json.remove(field));
        assertSays(field + " must be", refusal());
    }

    @Test
    void aSpecialIdOutsideTheVocabularyIsRefused() throws Exception {
        copy.change("config.json", json -> json.put("eos_token_id", 1200));
        assertSays("eos_token_id must be an id below vocab_size", refusal());
    }

    @Test
    void labelsWithOtherNamesAreRefused() throws Exception {
        copy.change("config.json", json -> json.putObject("id2label")
                .put("0", "LABEL_0")
                .put("1", "LABEL_1")
                .put("2", "LABEL_2"));
        assertSays("three rows B, I and O", refusal());
    }

    @Test
    void moreThanThreeLabelsAreRefused() throws Exception {
        copy.change("config.json", json -> json.withObject("id2label").put("3", "E"));
        assertSays("three rows B, I and O", refusal());
    }

    @Test
    void aPickleIsRefused() throws Exception {
        Files.move(copy.file("model.safetensors"), copy.file("pytorch_model.bin"));
        String message = refusal();
        assertSays("pickle", message);
        assertSays("save_pretrained", message);
    }

    @Test
    void missingWeightsAreRefused() throws Exception {
        Files.delete(copy.file("model.safetensors"));
        assertSays("no model.safetensors", refusal());
    }

    @Test
    void aMissingTokenizerIsRefused() throws Exception {
        Files.delete(copy.file("tokenizer.json"));
        String message = refusal();
        assertSays("no tokenizer.json", message);
        assertSays("use_fast=True", message);
    }

    @Test
    void aTokenizerThatIsNoneIsRefused() throws Exception {
        Files.writeString(copy.file("tokenizer.json"), "{}");
        assertSays("tokenizer.json is not that of a fast tokenizer", refusal());
        Files.writeString(copy.file("tokenizer.json"), "{");
        assertSays("tokenizer.json is not JSON", refusal());
        Files.writeString(copy.file("tokenizer.json"), "{\"model\": {\"type\": \"None\", \"vocab\": {\"<unk>\": 3}}}");
        assertSays("tokenizer.json cannot be loaded", refusal());
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws Exception {
        Files.delete(copy.file("tokenizer.json"));
        Files.copy(Path.of("models/metaie-mini/tokenizer.json"), copy.file("tokenizer.json"));
        assertSays("tokenizer.json gives ids up to 30521, but the model knows only 1200", refusal());
    }

    @Test
    void aMissingTensorIsRefused() throws Exception {
        List<StoredTensor> tensors = copy.tensors().values().stream()
                .filter(tensor -> !tensor.name().equals("classifier.weight"))
                .toList();
        copy.rewrite(tensors, 0);
        assertSays("tensor classifier.weight is missing", refusal());
    }

    @Test
    void aTensorOfAnotherTypeIsRefused() throws Exception {
        byte[] file = Files.readAllBytes(copy.file("model.safetensors"));
        String latin = new String(file, StandardCharsets.ISO_8859_1);
        String spoiled = latin.replace("\"classifier.bias\":{\"dtype\":\"F32\"", "\"classifier.bias\":{\"dtype\":\"I32\"");
        Files.write(copy.file("model.safetensors"), spoiled.getBytes(StandardCharsets.ISO_8859_1));
        assertSays("tensor classifier.bias is missing, or not of type F32, F16 or BF16", refusal());
    }

    @Test
    void aTensorOfAnotherShapeIsRefused() throws Exception {
        copy.change("config.json", json -> json.put("intermediate_size", 192));
        assertSays("has the shape [96, 48], but config.json calls for [192, 48]", refusal());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 1000, 400_000, 490_171})
    void aTruncatedFileIsRefused(int bytes) throws Exception {
        try (FileChannel file = FileChannel.open(copy.file("model.safetensors"), StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        }
        assertSays("is not a whole safetensors file", refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[]",
        "{\"a\":",
        "{\"a\": 1}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 0]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296], \"data_offsets\": [0, 0]}}"
    })
    void aSpoiledHeaderIsRefused(String header) throws Exception {
        byte[] file = new byte[8 + header.length() + 16];
        file[0] = (byte) header.length();
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, file, 8, header.length());
        Files.write(copy.file("model.safetensors"), file);
        assertSays("is not a whole safetensors file", refusal());
    }

    @Test
    void aMissingShardIsRefused() throws Exception {
        Files.delete(copy.file("model.safetensors"));
        Path index = copy.file("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
        assertSays("the shard model-00001-of-00002.safetensors", refusal());
        Files.writeString(index, "{\"weight_map\": {\"a\": \"../elsewhere.safetensors\"}}");
        assertSays("the shard ../elsewhere.safetensors", refusal());
        Files.writeString(index, "{}");
        assertSays("no weight_map", refusal());
    }
}
