package io.metaie.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.evaluation.Example;
import io.metaie.label.LabelSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Examples from JSON Lines, one a line in UTF-8, read as they are asked for. Blank lines are passed over.
 *
 * <p>A fault ends the reading: an {@link UncheckedIOException} whose message names file, line and reason.
 */
public final class ExampleReader implements Iterator<Example> {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String name;
    private final BufferedReader lines;
    private final ExampleJson examples;
    private Optional<Example> next = Optional.empty();
    private long line;

    /**
     * @param name what messages call the file
     * @param content what it says, unpacked; not closed here
     * @param defaults what an example is asked that names no labels; without any, the labels of its spans
     */
    public ExampleReader(String name, InputStream content, Optional<LabelSet> defaults) {
        this.name = name;
        this.lines = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)));
        this.examples = new ExampleJson(defaults);
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            next = advance();
        }
        return next.isPresent();
    }

    @Override
    public Example next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Example example = next.get();
        next = Optional.empty();
        return example;
    }

    private Optional<Example> advance() {
        try {
            for (String record = lines.readLine(); record != null; record = lines.readLine()) {
                line++;
                String json = line == 1 && record.startsWith(BYTE_ORDER_MARK) ? record.substring(1) : record;
                if (!json.isBlank()) {
                    return Optional.of(examples.read(JSON.readTree(json)));
                }
            }
            return Optional.empty();
        } catch (InvalidExampleException e) {
            throw fault(line, e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw fault(line, "not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            // Bytes are decoded ahead of the lines, so the place of a fault in them is only roughly known.
            throw fault(line + 1, "cannot be read from here on: " + e, e);
        }
    }

    private UncheckedIOException fault(long number, String reason, Exception cause) {
        return new UncheckedIOException(new IOException(name + ", line " + number + ": " + reason, cause));
    }
}
