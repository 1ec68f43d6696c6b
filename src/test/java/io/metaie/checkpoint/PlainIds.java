package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.onnx.Cases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What ids the words of a text may have: the model's, but not those of its special tokens. */
record PlainIds(String checkpoint, Set<Integer> special, int rows) {

    private static final Map<String, PlainIds> KNOWN = new ConcurrentHashMap<>();
    private static final Set<String> UNKNOWN = Set.of("<unk>", "[UNK]");

    static PlainIds of(String checkpoint) {
        return KNOWN.computeIfAbsent(checkpoint, PlainIds::read);
    }

    private static PlainIds read(String checkpoint) {
        try {
            ObjectMapper json = new ObjectMapper();
            JsonNode tokenizer = json.readTree(Cases.directory(checkpoint).resolve("tokenizer.json").toFile());
            JsonNode config = json.readTree(Cases.directory(checkpoint).resolve("config.json").toFile());
            Set<Integer> special = StreamSupport.stream(tokenizer.get("added_tokens").spliterator(), false)
                    .filter(token -> !UNKNOWN.contains(token.get("content").asText()))
                    .map(token -> token.get("id").asInt())
                    .collect(Collectors.toSet());
            assertTrue(special.size() == 4, () -> checkpoint + " has special tokens " + special);
            return new PlainIds(checkpoint, special, config.get("vocab_size").asInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void assertPlain(int[] ids, String word) {
        assertTrue(ids.length > 0, () -> checkpoint + " gives nothing for " + word);
        for (int id : ids) {
            assertTrue(id >= 0 && id < rows, () -> checkpoint + " gives " + id + " for " + word);
            assertFalse(special.contains(id), () -> checkpoint + " gives the special id " + id + " for " + word);
        }
    }
}
