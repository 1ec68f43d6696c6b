package io.metaie.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.testing.Control;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Those who come to a service beside its documents: what they leave behind should be nothing. */
final class Visitors implements Beside {

    static final String SAYS = "an extraction over HTTP a second, a scrape of /q/metrics every five, five watchers of the"
            + " stream who vanish after twenty seconds, and a task every ten that is defined and deleted";

    private static final int WATCHERS = 5;
    private static final double WATCHING_SECONDS = 20;
    private static final double BETWEEN_TASKS_SECONDS = 10;
    private static final double BETWEEN_SCRAPES_SECONDS = 5;

    private final URI service;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Looping> loops = new ArrayList<>();
    private final Control control;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger scraped = new AtomicInteger();
    private final AtomicInteger watched = new AtomicInteger();
    private final AtomicInteger defined = new AtomicInteger();

    private Visitors(URI service, Control control) {
        this.service = service;
        this.control = control;
        loops.add(new Looping("extractions", this::ask));
        loops.add(new Looping("scrapes", this::scrape));
        loops.add(new Looping("watchers", this::watch));
        loops.add(new Looping("tasks", this::define));
    }

    static Visitors of(Target target) {
        return new Visitors(target.http().orElseThrow(), target.control());
    }

    private void ask(Looping loop) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/api/extract"))
                .header("content-type", "application/json").timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(
                        Texts.document("asked", "Ada Lovelace met Charles Babbage in London.", Documents.labels(4))))
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IllegalStateException("an extraction was answered with " + status);
        }
        asked.incrementAndGet();
        loop.pause(1);
    }

    private void scrape(Looping loop) throws Exception {
        ServiceMetrics.text(service);
        scraped.incrementAndGet();
        loop.pause(BETWEEN_SCRAPES_SECONDS);
    }

    /** Some read nothing, as one whose line is dead. */
    private void watch(Looping loop) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < WATCHERS; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.getPort()));
                socket.getOutputStream().write("GET /api/stream?text=true HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                watched.incrementAndGet();
            }
            for (int second = 0; second < WATCHING_SECONDS && !loop.isClosed(); second++) {
                read(sockets.get(0));
                loop.pause(1);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static void read(Socket socket) throws IOException {
        int there = socket.getInputStream().available();
        socket.getInputStream().readNBytes(there);
    }

    private void define(Looping loop) {
        String name = Tasks.names(1).get(0);
        ObjectNode define = Tasks.command("define-task", name, name + "-define");
        Documents.labels(2).forEach(define.putArray("labels")::add);
        Tasks.send(control, define);
        control.await("task-defined", name + "-define", Control.PATIENCE);
        Tasks.send(control, Tasks.command("delete-task", name, name + "-delete"));
        control.await("task-deleted", name + "-delete", Control.PATIENCE);
        defined.incrementAndGet();
        loop.pause(BETWEEN_TASKS_SECONDS);
    }

    /** How many came. */
    String told() {
        return asked + " extractions over HTTP, " + scraped + " scrapes, " + watched + " watchers, " + defined + " tasks";
    }

    @Override
    public void close() throws Exception {
        for (Looping loop : loops) {
            loop.close();
        }
        control.close();
    }
}
