package io.metaie.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A teacher in this process that answers each question the same, some time after it has come, however many there are. */
final class FakeTeacher implements AutoCloseable {

    private static final String ANSWER = "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"fake\",\"choices\":[{\"index\":0,"
            + "\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"- Determiner: The\\n- Preposition: of\"}}],"
            + "\"usage\":{\"prompt_tokens\":60,\"completion_tokens\":12,\"total_tokens\":72}}";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private FakeTeacher(int latencyMillis) throws Exception {
        server = vertx.createHttpServer().requestHandler(request -> {
            calls.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            request.body().onComplete(body -> vertx.setTimer(latencyMillis, due -> {
                now.decrementAndGet();
                request.response().putHeader("content-type", "application/json").end(ANSWER);
            }));
        }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
    }

    static FakeTeacher start(int latencyMillis) throws Exception {
        return new FakeTeacher(latencyMillis);
    }

    /**
     * The settings with which a service asks it.
     *
     * @param concurrency calls at once
     */
    Map<String, String> settings(int concurrency) {
        return Map.of(
                "metaie.llm.base-url", "http://127.0.0.1:" + server.actualPort() + "/v1",
                "metaie.llm.model", "fake",
                "metaie.llm.concurrency", String.valueOf(concurrency));
    }

    int calls() {
        return calls.get();
    }

    /** The most calls that were answered at once. */
    int most() {
        return most.get();
    }

    @Override
    public void close() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close();
    }
}
