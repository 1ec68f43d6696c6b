package io.metaie.dataset;

import com.fasterxml.jackson.core.JsonGenerator;
import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import java.io.IOException;
import java.util.Map;

/**
 * Writes scores: {@code {"micro": {"precision", "recall", "f1", "support"}, "macro": {…}, "labels": {"Person": {…}},
 * "unreachable"}}, fractions from 0 to 1.
 */
public final class ScoresJson {

    private ScoresJson() {}

    /** Writes scores as one object. */
    public static void write(Scores scores, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeFields(scores, json);
        json.writeEndObject();
    }

    /** Writes the fields into an object that is open. */
    public static void writeFields(Scores scores, JsonGenerator json) throws IOException {
        write("micro", scores.micro(), json);
        write("macro", scores.macro(), json);
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, Score> label : scores.labels().entrySet()) {
            write(label.getKey(), label.getValue(), json);
        }
        json.writeEndObject();
        json.writeNumberField("unreachable", scores.unreachable());
    }

    private static void write(String name, Score score, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("precision", score.precision());
        json.writeNumberField("recall", score.recall());
        json.writeNumberField("f1", score.f1());
        json.writeNumberField("support", score.support());
        json.writeEndObject();
    }
}
