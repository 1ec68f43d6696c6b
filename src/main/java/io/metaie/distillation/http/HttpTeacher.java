package io.metaie.distillation.http;

import io.metaie.distillation.ChatCompletion;
import io.metaie.distillation.Question;
import io.metaie.distillation.Teacher;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherException.Charge;
import io.metaie.distillation.TeacherException.Fault;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks an OpenAI-compatible endpoint, once a question, on Vert.x' event loop. */
public final class HttpTeacher implements Teacher, AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** Servers close idle connections; one that is closed under a request costs a try. */
    private static final int IDLE_SECONDS = 15;
    /** No answer of a bounded number of tokens is longer. */
    private static final int MAX_BODY = 4 << 20;

    /** A message that holds so much of a sentence, in UTF-16 units, repeats it. */
    private static final int GIVEN_AWAY = 16;

    private final Vertx vertx;
    private final HttpClient client;
    private final Endpoint endpoint;

    /** @param vertx is the caller's to close */
    public HttpTeacher(Vertx vertx, Endpoint endpoint) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxPoolSize(endpoint.connections()));
    }

    @Override
    public CompletableFuture<TeacherAnswer> ask(Question question) {
        return new Exchange().begin(question);
    }

    @Override
    public void close() {
        client.close();
    }

    /** One request and its response. Its methods are called by one event loop. */
    private final class Exchange {

        private final CompletableFuture<TeacherAnswer> answer = new CompletableFuture<>();
        private final Buffer body = Buffer.buffer();
        private Optional<HttpClientRequest> request = Optional.empty();

        CompletableFuture<TeacherAnswer> begin(Question question) {
            // Of the whole exchange: a body that drips keeps every timeout of idleness at bay.
            long timer = vertx.setTimer(endpoint.timeout().toMillis(), expired -> fail("no answer within "
                    + endpoint.timeout().toSeconds() + " s"));
            answer.whenComplete((given, failure) -> vertx.cancelTimer(timer));
            client.request(options())
                    .onFailure(this::notSent)
                    .onSuccess(open -> send(open, question));
            return answer;
        }

        private RequestOptions options() {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setAbsoluteURI(endpoint.completions().toString())
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.ACCEPT, "application/json");
            endpoint.key().ifPresent(key -> options.putHeader(HttpHeaders.AUTHORIZATION, key.authorization()));
            return options;
        }

        private void notSent(Throwable failure) {
            boolean unknown = failure instanceof UnknownHostException;
            answer.completeExceptionally(new TeacherException(Fault.UNAVAILABLE,
                    (unknown ? "unknown host: " : "cannot connect: ") + message(failure)));
        }

        private void send(HttpClientRequest open, Question question) {
            request = Optional.of(open);
            if (answer.isDone()) {
                open.reset();
                return;
            }
            open.exceptionHandler(this::lost);
            open.send(ChatCompletion.request(question, endpoint.model(), endpoint.temperature(), endpoint.maxTokens()))
                    .onFailure(this::lost)
                    .onSuccess(response -> receive(response, question));
        }

        private void receive(HttpClientResponse response, Question question) {
            response.exceptionHandler(this::lost);
            response.handler(chunk -> {
                body.appendBuffer(chunk);
                if (body.length() > MAX_BODY) {
                    fail("an answer of more than " + MAX_BODY + " bytes");
                }
            });
            response.endHandler(end -> {
                try {
                    answer.complete(ChatCompletion.read(response.statusCode(),
                            Optional.ofNullable(response.getHeader(HttpHeaders.RETRY_AFTER)), body.getBytes(),
                            Clock.systemUTC().instant()).allowed(endpoint.maxTokens()));
                } catch (TeacherException e) {
                    answer.completeExceptionally(new TeacherException(
                            e.fault(), told(e, question, response.statusCode()), e.retryAfter(), e.charge()));
                }
            });
        }

        private void lost(Throwable failure) {
            fail("the connection was lost: " + message(failure));
        }

        private void fail(String what) {
            // Without a connection nothing was sent, and nothing can have been worked on.
            boolean failed = answer.completeExceptionally(new TeacherException(Fault.UNAVAILABLE, what, Optional.empty(),
                    request.isPresent() ? new Charge.Unknown() : new Charge.Nothing()));
            if (failed) {
                request.ifPresent(HttpClientRequest::reset);
            }
        }

        /** What is not the sentence's own fault is told in logs and to whoever asks for health: without any of its text. */
        private String told(TeacherException fault, Question question, int status) {
            String begins = question.sentence().strip().replaceAll("\\s+", " ");
            boolean repeats = fault.getMessage().contains(begins.substring(0, Math.min(begins.length(), GIVEN_AWAY)));
            return repeats && !fault.fault().isOfTheSentence()
                    ? "HTTP " + status + ", with a message that repeats the sentence" : hidden(fault.getMessage());
        }

        private String message(Throwable failure) {
            return hidden(String.valueOf(failure.getMessage()));
        }

        private String hidden(String text) {
            return endpoint.key().map(key -> key.hiddenIn(text)).orElse(text);
        }
    }
}
