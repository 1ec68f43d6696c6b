package io.metaie.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@code tokenizer.json} made safe for text of strangers: without truncation, padding and, so that text that spells
 * {@code </s>} stays text, without added special tokens.
 *
 * @param json the file to load the tokenizer from
 * @param special ids that no text may produce, with the pieces they stand for
 * @param unknown the id of the unknown token
 */
record TokenizerFile(byte[] json, Map<Integer, String> special, int unknown) {

    static final String NAME = "tokenizer.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads and changes the file of a checkpoint.
     *
     * @throws CheckpointException when it does not fit the checkpoint, or has no unknown token
     */
    static TokenizerFile read(Path directory, RobertaConfig config) throws IOException, CheckpointException {
        ObjectNode tokenizer = parse(directory.resolve(NAME));
        JsonNode model = tokenizer.path("model");
        Map<String, Integer> ids = ids(model);
        Set<Integer> special = new HashSet<>(Set.of(config.bos(), config.eos(), config.pad()));
        boolean onlySpecial = true;
        for (JsonNode token : tokenizer.path("added_tokens")) {
            int id = token.path("id").asInt();
            ids.put(token.path("content").asText(), id);
            if (token.path("special").asBoolean()) {
                special.add(id);
            } else {
                onlySpecial = false;
            }
        }
        int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (largest >= config.vocabulary()) {
            throw new CheckpointException(NAME + " gives ids up to " + largest + ", but the model knows only "
                    + config.vocabulary() + "; the tokenizer belongs to another model");
        }
        int unknown = unknown(model, ids);
        special.remove(unknown);
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        if (onlySpecial) {
            // Otherwise they must stay, since their ids depend on one another.
            tokenizer.putArray("added_tokens");
        }
        ids.values().retainAll(special);
        return new TokenizerFile(JSON.writeValueAsBytes(tokenizer), pieces(ids), unknown);
    }

    private static ObjectNode parse(Path file) throws IOException, CheckpointException {
        try {
            if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object && object.has("model")) {
                return object;
            }
            throw new CheckpointException(NAME + " is not that of a fast tokenizer; copy it again");
        } catch (JsonProcessingException e) {
            throw new CheckpointException(NAME + " is not JSON (" + e.getOriginalMessage() + "); copy it again", e);
        }
    }

    /** Piece → id, of a Unigram vocabulary (a list of pieces with scores) or of another (an object). */
    private static Map<String, Integer> ids(JsonNode model) {
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocabulary = model.path("vocab");
        if (vocabulary.isArray()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                ids.put(vocabulary.get(id).path(0).asText(), id);
            }
        } else {
            for (Iterator<Map.Entry<String, JsonNode>> i = vocabulary.fields(); i.hasNext(); ) {
                Map.Entry<String, JsonNode> entry = i.next();
                ids.put(entry.getKey(), entry.getValue().asInt());
            }
        }
        return ids;
    }

    private static Map<Integer, String> pieces(Map<String, Integer> ids) {
        return ids.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey, (one, other) -> one));
    }

    private static int unknown(JsonNode model, Map<String, Integer> ids) throws CheckpointException {
        if (model.path("unk_id").isInt()) {
            return model.path("unk_id").intValue();
        }
        // A byte-level vocabulary needs none and names none, but has one.
        OptionalInt id = Stream.of(model.path("unk_token").asText(""), "<unk>", "[UNK]")
                .filter(ids::containsKey)
                .mapToInt(ids::get)
                .findFirst();
        return id.orElseThrow(() -> new CheckpointException(
                NAME + " has no unknown token (<unk> or [UNK]); words it cannot encode would be lost"));
    }
}
