package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.onnx.Cases;
import io.metaie.tagging.WordEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the three families of tokenizers: byte-level BPE, Unigram (SentencePiece) and WordPiece. */
class VocabularyTest {

    private static final Map<String, Vocabulary> VOCABULARIES = new HashMap<>();

    @BeforeAll
    static void open() throws Exception {
        for (String name : Cases.checkpoints()) {
            VOCABULARIES.put(name, Vocabulary.open(Cases.open(name)));
        }
    }

    @AfterAll
    static void close() {
        VOCABULARIES.values().forEach(Vocabulary::close);
    }

    private static void assertPlain(String name, String word) {
        PlainIds.of(name).assertPlain(VOCABULARIES.get(name).encode(word), word);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<s>", "</s>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "[PAD]", "a</s>b", "</s></s>", "<s></s>", "＜/s＞",
        "x<mask>", "[SEP][SEP]", "▁</s>", "Ġ</s>"
    })
    void textThatSpellsSpecialTokensIsText(String word) {
        for (String name : Cases.checkpoints()) {
            assertPlain(name, word);
        }
    }

    @Test
    void aSpelledSpecialTokenKeepsItsNeighbours() {
        for (String name : Cases.checkpoints()) {
            Vocabulary vocabulary = VOCABULARIES.get(name);
            int[] ids = vocabulary.encode("London</s>");
            assertEquals(vocabulary.encode("London")[0], ids[0], name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u200b", "\u00ad", "\u0000", "\ufe0f", "\ud83d", "\udc00\ud83d", "\u2603", "𠮷"})
    void aWordIsNeverNothing(String word) {
        for (String name : Cases.checkpoints()) {
            assertPlain(name, word);
        }
    }

    @Test
    void aWordOfNothingIsTheUnknownToken() {
        Vocabulary vocabulary = VOCABULARIES.get("metaie-mini");
        assertEquals(100, vocabulary.unknown());
        assertArrayEquals(new int[] {100}, vocabulary.encode("\u200b"));
        assertArrayEquals(new int[] {100}, vocabulary.encode("\u0000"));
    }

    @Test
    void whatFollowsANulIsRead() {
        for (Vocabulary vocabulary : VOCABULARIES.values()) {
            assertFalse(Arrays.equals(vocabulary.encode("a\u0000London"), vocabulary.encode("a\u0000Rome")));
        }
    }

    @Test
    void onlyTheHeadOfALongWordIsRead() {
        String head = "ab".repeat(WordEncoder.MAX_UNITS / 2);
        for (Vocabulary vocabulary : VOCABULARIES.values()) {
            assertArrayEquals(vocabulary.encode(head), vocabulary.encode(head + "c".repeat(100_000)));
        }
    }

    @Test
    void aLongWordIsNotCutInsideASurrogatePair() {
        String head = "a".repeat(WordEncoder.MAX_UNITS - 1);
        for (Vocabulary vocabulary : VOCABULARIES.values()) {
            assertArrayEquals(vocabulary.encode(head), vocabulary.encode(head + "🚀🚀"));
            assertArrayEquals(vocabulary.encode("a" + head), vocabulary.encode("a" + head + "🚀🚀"));
        }
    }

    @Test
    void aWordHasTheSameIdsWhetherRememberedOrNot() throws Exception {
        for (String name : Cases.checkpoints()) {
            try (Vocabulary small = Vocabulary.open(Cases.open(name), 10_000)) {
                int[] first = small.encode("London").clone();
                assertSame(small.encode("London"), small.encode("London"));
                for (int i = 0; i < 1000; i++) { // many times what that cache holds
                    small.encode("w" + i);
                }
                assertArrayEquals(first, small.encode("London"));
            }
        }
    }

    @Test
    void theVocabularyServesManyThreads() throws Exception {
        Vocabulary vocabulary = VOCABULARIES.get("metaie-mini");
        List<String> words = IntStream.range(0, 2000).mapToObj(i -> "word" + Integer.toString(i * 7919, 36)).toList();
        Callable<List<int[]>> encode = () -> words.stream().map(vocabulary::encode).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<int[]>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(encode));
            }
            try (Vocabulary alone = Vocabulary.open(Cases.open("metaie-mini"))) {
                for (Future<List<int[]>> answer : answers) {
                    for (int i = 0; i < words.size(); i++) {
                        assertArrayEquals(alone.encode(words.get(i)), answer.get().get(i), words.get(i));
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void truncationAndPaddingOfTheFileAreOff(@TempDir Path directory) throws Exception {
        CheckpointCopy copy = CheckpointCopy.of("tiny-roberta", directory);
        copy.change("tokenizer.json", json -> {
            json.putObject("truncation")
                    .put("direction", "Right")
                    .put("max_length", 4)
                    .put("strategy", "LongestFirst")
                    .put("stride", 0);
            json.putObject("padding")
                    .put("pad_id", 1)
                    .put("pad_type_id", 0)
                    .put("pad_token", "<pad>")
                    .put("direction", "Right")
                    .putNull("pad_to_multiple_of")
                    .putObject("strategy")
                    .put("Fixed", 8);
        });
        try (Vocabulary vocabulary = Vocabulary.open(Checkpoint.open(directory))) {
            Vocabulary plain = VOCABULARIES.get("tiny-roberta");
            for (String word : List.of("a", "extraordinarily-long-winded", "x".repeat(600))) {
                assertArrayEquals(plain.encode(word), vocabulary.encode(word), word);
            }
        }
    }

    @Test
    void addedWordsStay(@TempDir Path directory) throws Exception {
        CheckpointCopy copy = CheckpointCopy.of("tiny-roberta", directory);
        copy.change("config.json", json -> json.put("vocab_size", 1201));
        copy.change("tokenizer.json", json -> ((ArrayNode) json.get("added_tokens"))
                .addObject()
                .put("id", 1200)
                .put("content", "zzqx")
                .put("single_word", false)
                .put("lstrip", true)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", false));
        copy.repeatLastRow(RobertaTensors.WORDS);
        try (Vocabulary vocabulary = Vocabulary.open(Checkpoint.open(directory))) {
            assertArrayEquals(new int[] {1200}, vocabulary.encode("zzqx"));
            for (int id : vocabulary.encode("zzqx</s><mask>")) {
                assertTrue(id > 4, () -> "special id " + id);
            }
        }
    }

    @Test
    void aTokenizerWithoutUnknownTokenIsRefused(@TempDir Path directory) throws Exception {
        CheckpointCopy copy = CheckpointCopy.of("tiny-roberta", directory);
        copy.change("tokenizer.json", json -> {
            json.putArray("added_tokens");
            ((ObjectNode) json.at("/model/vocab")).remove("<unk>");
        });
        String message = assertThrows(CheckpointException.class, () -> Vocabulary.open(Checkpoint.open(directory)))
                .getMessage();
        assertTrue(message.contains("no unknown token"), message);
    }
}
