package io.metaie.distillation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.metaie.distillation.TeacherAnswer.Ending;
import io.metaie.distillation.TeacherAnswer.Usage;
import io.metaie.distillation.TeacherException.Charge;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.text.Excerpt;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The messages of {@code POST /v1/chat/completions}, as OpenAI's API reference has them and compatible servers speak them.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
public final class ChatCompletion {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectReader JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(365);
    private static final int QUOTED = 200;
    /** What every request has alike, as OpenAI's errors name it. */
    private static final Set<String> SETTINGS = Set.of("model", "max_tokens", "max_completion_tokens", "temperature", "stream");
    private static final Set<String> SETTINGS_CODES =
            Set.of("model_not_found", "unsupported_parameter", "unsupported_value", "unknown_parameter", "invalid_api_key");

    private ChatCompletion() {}

    /** The request's body. */
    public static String request(Question question, String model, double temperature, int maxTokens) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeArrayFieldStart("messages");
            if (question.system().isPresent()) {
                message(json, "system", question.system().get());
            }
            message(json, "user", question.message());
            json.writeEndArray();
            json.writeNumberField("temperature", temperature);
            json.writeNumberField("max_tokens", maxTokens);
            json.writeBooleanField("stream", false);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void message(JsonGenerator json, String role, String content) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeStringField("content", content);
        json.writeEndObject();
    }

    /**
     * Reads a response. Whatever it is, the result is an answer or a {@link TeacherException}.
     *
     * @param retryAfter the header of that name
     * @param now what a date in it is measured from
     */
    public static TeacherAnswer read(int status, Optional<String> retryAfter, byte[] body, Instant now) {
        Optional<JsonNode> json = json(body);
        if (status < 200 || status >= 300) {
            throw new TeacherException(fault(status, json), "HTTP " + status + detail(json),
                    retryAfter.flatMap(value -> retryAfter(value, now)), new Charge.Nothing());
        }
        JsonNode completion = json.filter(JsonNode::isObject).orElseThrow(() -> new TeacherException(
                Fault.UNAVAILABLE, "HTTP " + status + " with something that is no JSON", Optional.empty(), new Charge.Unknown()));
        if (completion.path("choices").isMissingNode() && !isAbsent(completion.path("error"))) {
            int code = completion.at("/error/code").asInt(0);
            throw new TeacherException(fault(code > 0 ? code : 500, json), "HTTP " + status + " with an error" + detail(json));
        }
        return answer(completion);
    }

    private static TeacherAnswer answer(JsonNode completion) {
        Usage usage = usage(completion.path("usage"));
        JsonNode choice = completion.path("choices").path(0);
        String finish = choice.path("finish_reason").asText("");
        Ending ending = finish.equals("length") ? Ending.CUT : Ending.COMPLETE;
        String text = content(choice.path("message").path("content"));
        Optional<String> refusal = Optional.of(choice.path("message").path("refusal").asText(""))
                .filter(said -> !said.isBlank() && !said.equals("null"))
                .or(() -> finish.equals("content_filter") ? Optional.of(finish) : Optional.empty());
        if (text.isBlank() && refusal.isEmpty() && ending == Ending.COMPLETE) {
            throw new TeacherException(Fault.UNUSABLE, "an answer without content", Optional.empty(), new Charge.Known(usage));
        }
        return new TeacherAnswer(text, ending, refusal, usage);
    }

    /** A string, or, as some servers have it, parts. */
    private static String content(JsonNode content) {
        if (!content.isArray()) {
            return content.isTextual() ? content.textValue() : "";
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static Usage usage(JsonNode usage) {
        JsonNode cost = usage.path("cost");
        return new Usage(count(usage.path("prompt_tokens")), count(usage.path("completion_tokens")),
                cost.isNumber() && cost.doubleValue() >= 0 && Double.isFinite(cost.doubleValue())
                        ? Optional.of(cost.doubleValue()) : Optional.empty());
    }

    private static OptionalLong count(JsonNode tokens) {
        return tokens.isIntegralNumber() && tokens.canConvertToInt() && tokens.intValue() >= 0
                ? OptionalLong.of(tokens.intValue()) : OptionalLong.empty();
    }

    private static Fault fault(int status, Optional<JsonNode> json) {
        if (says(json, "insufficient_quota")) {
            return Fault.OPERATOR;
        }
        return switch (status) {
            case 400, 413, 422 -> isAboutTheSettings(json) ? Fault.OPERATOR : Fault.REFUSED;
            case 429 -> Fault.LIMITED;
            case 408, 409, 425 -> Fault.UNAVAILABLE;
            default -> status >= 500 ? Fault.UNAVAILABLE : Fault.OPERATOR;
        };
    }

    /** No question at all is answered while the endpoint does not know the model, or takes no such parameter. */
    private static boolean isAboutTheSettings(Optional<JsonNode> json) {
        return json.map(body -> body.path("error"))
                .filter(error -> SETTINGS_CODES.contains(error.path("code").asText())
                        || SETTINGS.contains(error.path("param").asText()))
                .isPresent();
    }

    private static boolean says(Optional<JsonNode> json, String code) {
        return json.map(body -> body.path("error"))
                .filter(error -> error.path("code").asText().equals(code) || error.path("type").asText().equals(code))
                .isPresent();
    }

    private static String detail(Optional<JsonNode> json) {
        JsonNode error = json.map(body -> body.path("error")).orElse(MissingNode.getInstance());
        String message = error.isTextual() ? error.textValue() : error.path("message").asText("");
        String line = message.strip().replaceAll("\\s+", " ");
        return line.isEmpty() ? "" : ": " + Excerpt.of(line, QUOTED, QUOTED / 2);
    }

    private static Optional<Duration> retryAfter(String value, Instant now) {
        try {
            String given = value.strip();
            Duration pause = given.matches("\\d{1,12}") ? Duration.ofSeconds(Long.parseLong(given))
                    : Duration.between(now, ZonedDateTime.parse(given, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            if (pause.isNegative() || pause.isZero()) {
                return Optional.empty();
            }
            return Optional.of(pause.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : pause);
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty(); // not a pause anybody could keep
        }
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(new String(body, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
