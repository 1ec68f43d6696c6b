package io.metaie.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.Label;
import io.metaie.text.CodePoints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes examples without heads as {@link ExampleJson} reads them, offsets in code points, on one line. */
public final class ExampleWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private ExampleWriter() {}

    /**
     * Writes an example.
     *
     * @param more further fields, behind the example's own, in their order
     * @throws IllegalArgumentException when a label is of another
     */
    public static String toJson(Example example, Map<String, String> more) {
        // Through characters, not bytes: the generator of bytes has split surrogate pairs at its buffer's edge.
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("text", example.text());
            json.writeArrayFieldStart("labels");
            for (Label label : example.labels().labels()) {
                if (label.of().isPresent()) {
                    throw new IllegalArgumentException("label \"" + label + "\" has a head");
                }
                json.writeString(label.name());
            }
            json.writeEndArray();
            CodePoints codePoints = CodePoints.of(example.text());
            json.writeArrayFieldStart("spans");
            for (LabelledSpan span : example.spans()) {
                json.writeStartObject();
                json.writeStringField("label", span.label().name());
                json.writeNumberField("start", codePoints.at(span.start()));
                json.writeNumberField("end", codePoints.at(span.end()));
                json.writeEndObject();
            }
            json.writeEndArray();
            for (Map.Entry<String, String> field : more.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
