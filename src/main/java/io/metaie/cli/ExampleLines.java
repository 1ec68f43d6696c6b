package io.metaie.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Examples of a file, as they stand, for a command. Whether they can be used is for the service to say. */
final class ExampleLines {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private ExampleLines() {}

    /** @throws CommandException when it is no file of JSON objects, one a line */
    static ArrayNode read(String file, Terminal terminal) {
        String name = file.equals(TextFiles.STANDARD_INPUT) ? "standard input" : file;
        ArrayNode examples = JsonNodeFactory.instance.arrayNode();
        int number = 0;
        try (TextFile text = TextFiles.open(file, terminal.in());
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(text.content(), StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String json = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
                if (!json.isBlank()) {
                    examples.add(example(json, name, number));
                }
            }
        } catch (CharacterCodingException e) {
            throw new CommandException(name + " is not UTF-8", e);
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
        if (examples.isEmpty()) {
            throw new CommandException("no examples in " + name);
        }
        return examples;
    }

    private static JsonNode example(String line, String name, int number) {
        try {
            JsonNode example = JSON.readTree(line);
            if (example.isObject()) {
                return example;
            }
        } catch (JsonProcessingException e) {
            throw new CommandException(name + ", line " + number + ": not JSON: " + e.getOriginalMessage(), e);
        }
        throw new CommandException(name + ", line " + number + ": not a JSON object");
    }
}
