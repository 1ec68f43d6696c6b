package io.metaie.distillation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.distillation.TeacherAnswer.Ending;
import io.metaie.distillation.TeacherAnswer.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An answer as it is kept: with what it is about, what it cost and when, so that it need not be paid again, and can be read
 * anew by a better parser.
 *
 * @param cost USD
 */
public record KeptAnswer(String model, String sentence, TeacherAnswer answer, double cost, Instant time) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_SENTENCE = 1 << 14;

    /** One line of JSON. What is longer than anybody reads is cut. */
    public String toJson() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeStringField("sentence", cut(sentence, MAX_SENTENCE));
            json.writeStringField("answer", cut(answer.text(), AnswerParser.MAX_ANSWER));
            json.writeStringField("ending", answer.ending().name().toLowerCase(Locale.ROOT));
            if (answer.refusal().isPresent()) {
                json.writeStringField("refusal", cut(answer.refusal().get(), MAX_SENTENCE));
            }
            if (answer.usage().promptTokens().isPresent()) {
                json.writeNumberField("promptTokens", answer.usage().promptTokens().getAsLong());
            }
            if (answer.usage().completionTokens().isPresent()) {
                json.writeNumberField("completionTokens", answer.usage().completionTokens().getAsLong());
            }
            if (answer.allowed().isPresent()) {
                json.writeNumberField("maxTokens", answer.allowed().getAsInt());
            }
            json.writeNumberField("cost", cost);
            json.writeStringField("time", time.toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** Reads what {@link #toJson} wrote; empty when it is something else. */
    public static Optional<KeptAnswer> read(JsonNode json) {
        try {
            if (!json.path("answer").isTextual() || !json.path("cost").isNumber()) {
                return Optional.empty();
            }
            TeacherAnswer answer = new TeacherAnswer(
                    json.path("answer").textValue(),
                    json.path("ending").asText().equals("cut") ? Ending.CUT : Ending.COMPLETE,
                    Optional.of(json.path("refusal")).filter(JsonNode::isTextual).map(JsonNode::textValue),
                    new Usage(count(json.path("promptTokens")), count(json.path("completionTokens")), Optional.empty()),
                    json.path("maxTokens").canConvertToInt() ? OptionalInt.of(json.path("maxTokens").intValue()) : OptionalInt.empty());
            return Optional.of(new KeptAnswer(json.path("model").asText(), json.path("sentence").asText(), answer,
                    json.path("cost").doubleValue(), Instant.parse(json.path("time").asText())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong count(JsonNode tokens) {
        return tokens.isIntegralNumber() ? OptionalLong.of(tokens.longValue()) : OptionalLong.empty();
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
