package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What those who watch the stream over HTTP cost those who wait for answers: the service's CPU seconds a document without
 * and with a hundred slow clients, in interleaved windows, and what it holds of memory at the end of each. Half of the
 * clients take nothing, the others a kilobyte a second. The broker is another process, so what it does for the feed's
 * consumer is not in these figures.
 *
 * <p>{@code load-tests/run Watchers [PAIRS] [DOCUMENTS A WINDOW] [CLIENTS]}
 */
public final class Watchers {

    private static final List<String> LABELS = Documents.labels(4);
    /** The feed reads on for ten seconds when the last client has gone. */
    private static final long FEED_ENDS_NANOS = TimeUnit.SECONDS.toNanos(13);

    private final Service service;
    private final List<String> documents;
    private final int clients;
    private final ProcessFigures figures;

    private Watchers(Service service, List<String> documents, int clients) {
        this.service = service;
        this.figures = new ProcessFigures(service.pid());
        this.documents = documents;
        this.clients = clients;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int window = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int clients = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        List<String> documents = new ArrayList<>();
        for (String sentence : Texts.sentences(window)) {
            documents.add(Texts.document(documents.size(), sentence, LABELS));
        }
        System.out.printf(Locale.ROOT, "%d documents a window, one sentence each, labels %s%n%n", documents.size(), LABELS);
        System.out.printf("| pair | CPU ms a document, nobody watches | %d slow clients | ratio | heap after collection, MB,"
                + " nobody | clients | resident, MB, nobody | clients |%n| --- | --- | --- | --- | --- | --- | --- | --- |%n", clients);
        try (Service service = Service.start()) {
            Watchers watchers = new Watchers(service, documents, clients);
            watchers.window(); // compiles, and so does what only those who watch need
            watchers.watched();
            watchers.watched();
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < pairs; pair++) {
                // Which comes first changes, so that what drifts favours neither.
                boolean watchedFirst = pair % 2 == 1;
                Window first = watchedFirst ? watchers.watched() : watchers.window();
                Window second = watchedFirst ? watchers.window() : watchers.watched();
                Window watched = watchedFirst ? first : second;
                Window alone = watchedFirst ? second : first;
                double ratio = watched.cpuMillis() / alone.cpuMillis();
                ratios.add(ratio);
                System.out.printf(Locale.ROOT, "| %d | %.2f | %.2f | %.3f | %.0f | %.0f | %.0f | %.0f |%n", pair + 1,
                        alone.cpuMillis(), watched.cpuMillis(), ratio, alone.heap(), watched.heap(), alone.resident(),
                        watched.resident());
            }
            System.out.printf(Locale.ROOT, "%nmedian ratio %.3f; dropped for the clients: %.0f%n", Throughput.median(ratios),
                    service.metrics().getOrDefault("metaie_stream_dropped_total", Double.NaN));
        }
    }

    private Window watched() throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        Thread reader = new Thread(() -> readSlowly(sockets), "slow clients");
        try {
            for (int i = 0; i < clients; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4_096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
                socket.getOutputStream().write(
                        "GET /api/stream?text=true&events=extraction,event,stats HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
                sockets.add(socket);
            }
            while (service.metrics().getOrDefault("metaie_stream_clients", 0.0) < clients) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            reader.start();
            return window();
        } finally {
            reader.interrupt();
            reader.join();
            for (Socket socket : sockets) {
                socket.close();
            }
            long end = System.nanoTime() + FEED_ENDS_NANOS;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        }
    }

    /** A kilobyte a second from every second client. */
    private static void readSlowly(List<Socket> sockets) {
        byte[] buffer = new byte[1_024];
        while (!Thread.currentThread().isInterrupted()) {
            try {
                for (int i = 0; i < sockets.size(); i += 2) {
                    if (sockets.get(i).getInputStream().available() > 0) {
                        sockets.get(i).getInputStream().read(buffer);
                    }
                }
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException("a client was dropped", e);
            }
        }
    }

    /**
     * What the service took for each document, and what it held at the end, those who watch still there.
     *
     * @param cpuMillis milliseconds of the processors a document
     * @param heap megabytes after a collection
     * @param resident megabytes
     */
    private record Window(double cpuMillis, double heap, double resident) {}

    private Window window() throws IOException, InterruptedException {
        double before = figures.cpuSeconds();
        documents.forEach(document -> service.send(document, System.currentTimeMillis()));
        service.flush();
        int[] seen = {0};
        service.follow((id, nanos) -> ++seen[0] < documents.size());
        double cpu = figures.cpuSeconds() - before;
        return new Window(cpu * 1_000 / documents.size(), figures.heapAfterCollection(), figures.resident());
    }
}
