package io.metaie.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.config.MetaieConfig;
import io.metaie.feed.Feed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code GET /api/stream}: what is being committed, as server-sent events. A route of its own rather than a resource,
 * because it must see when a client stops taking what is written to it.
 */
@ApplicationScoped
class StreamRoute {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long BEAT_MILLIS = 10_000;
    /**
     * What the system may hold for a client. By itself Linux lets it grow to megabytes, and only when they are full is a
     * slow client seen to be slow: until then all is written, for nobody.
     */
    private static final int SEND_BUFFER_BYTES = 64 << 10;

    private final Feed feed;
    private final Vertx vertx;
    private final int most;
    private final AtomicInteger clients = new AtomicInteger();
    private final Counter lost;

    StreamRoute(Feed feed, Vertx vertx, MetaieConfig config, MeterRegistry meters) {
        this.feed = feed;
        this.vertx = vertx;
        this.most = config.http().stream().clients();
        Gauge.builder("metaie.stream.clients", clients, AtomicInteger::get)
                .description("Who watches the stream over HTTP").strongReference(true).register(meters);
        this.lost = Counter.builder("metaie.stream.dropped")
                .description("What clients that watch were too slow for").register(meters);
    }

    void register(@Observes Router router) {
        router.get("/api/stream").handler(this::open);
    }

    private void open(RoutingContext context) {
        StreamFilter filter;
        try {
            filter = StreamFilter.of(context.queryParams());
        } catch (IllegalArgumentException e) {
            refuse(context, Problem.of("invalid-query", Status.BAD_REQUEST, e.getMessage()));
            return;
        }
        if (clients.incrementAndGet() > most) {
            clients.decrementAndGet();
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "10");
            refuse(context, Problem.of("unavailable", Status.SERVICE_UNAVAILABLE, "more watch than may at once; try again"));
            return;
        }
        HttpServerResponse response = context.response();
        StreamClient client = new StreamClient(
                response, vertx.getOrCreateContext(), filter, lost, () -> cutOff(context.request()));
        long beat = vertx.setPeriodic(BEAT_MILLIS, timer -> {
            if (!client.beat()) {
                vertx.cancelTimer(timer);
            }
        });
        AtomicBoolean left = new AtomicBoolean();
        response.closeHandler(gone -> {
            if (left.compareAndSet(false, true)) {
                vertx.cancelTimer(beat);
                feed.remove(client);
                clients.decrementAndGet();
            }
        });
        holdLittle(context.request());
        response.setChunked(true)
                .setWriteQueueMaxSize(StreamClient.WRITE_QUEUE_BYTES)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream;charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no") // a proxy that waits for more would show nothing
                .drainHandler(drained -> client.write());
        response.write("retry: 2000\n\n");
        feed.add(client);
    }

    // Over HTTP/2 the connection is not the stream's alone, and has windows of its own for each.
    private static void holdLittle(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            connection.channel().config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
        }
    }

    // To close it as usual would wait for the client to take what it does not take: so past Vert.x' own handler.
    private static void cutOff(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            connection.channelHandlerContext().close();
        } else {
            request.response().reset();
        }
    }

    private static void refuse(RoutingContext context, Problem problem) {
        try {
            context.response().setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
