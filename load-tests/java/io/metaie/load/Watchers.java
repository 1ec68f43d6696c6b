package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    /**
     * Before each window, so that none has a processor that has rested longer than another's, which may run faster for a
     * while. The feed reads on for ten seconds when the last client has gone.
     */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(13);

    private static final int WARM = 4;

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
        List<String> documents = Texts.documents(window, LABELS);
        System.out.printf(Locale.ROOT, "%d documents a window, one sentence each, labels %s%n%n", documents.size(), LABELS);
        System.out.printf("| pair | CPU ms a document, nobody watches | %d slow clients | ratio | of it all but the model's"
                + " threads, nobody | clients | beside it the compiler, nobody | clients | heap after collection, MB,"
                + " nobody | clients | resident, MB, nobody | clients |%n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |%n", clients);
        try (Service service = Service.start()) {
            Watchers watchers = new Watchers(service, documents, clients);
            watchers.window();
            for (int i = 0; i < WARM; i++) {
                watchers.watched(); // compiles what only those who watch need
            }
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < pairs; pair++) {
                // Which comes first changes, so that what drifts favours neither.
                boolean watchedFirst = pair % 2 == 1;
                Window first = watchedFirst ? watchers.watched() : watchers.alone();
                Window second = watchedFirst ? watchers.alone() : watchers.watched();
                Window watched = watchedFirst ? first : second;
                Window alone = watchedFirst ? second : first;
                double ratio = watched.cpuMillis() / alone.cpuMillis();
                ratios.add(ratio);
                System.out.printf(Locale.ROOT, "| %d | %.2f | %.2f | %.3f | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f | %.0f |%n",
                        pair + 1, alone.cpuMillis(), watched.cpuMillis(), ratio, alone.rest(), watched.rest(), alone.compiler(),
                        watched.compiler(), alone.heap(), watched.heap(), alone.resident(), watched.resident());
            }
            System.out.printf(Locale.ROOT, "%nmedian ratio %.3f; dropped for the clients: %.0f%n", Throughput.median(ratios),
                    service.metrics().getOrDefault("metaie_stream_dropped_total", Double.NaN));
        }
    }

    private Window alone() throws IOException, InterruptedException {
        pause();
        return window();
    }

    private Window watched() throws IOException, InterruptedException {
        pause();
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
     * @param cpuMillis milliseconds of the processors a document, without the JVM's compiler
     * @param compiler the compiler's, apart since it falls with time: what begins to be watched is code it had not seen
     * @param rest of {@code cpuMillis}, those of all threads that do not compute the model: what watching can change
     * @param heap megabytes after a collection
     * @param resident megabytes
     */
    private record Window(double cpuMillis, double rest, double compiler, double heap, double resident) {}

    private static void pause() {
        long end = System.nanoTime() + PAUSE_NANOS;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private Window window() throws IOException, InterruptedException {
        Map<String, Double> before = figures.cpuSecondsByThread();
        documents.forEach(document -> service.send(document, System.currentTimeMillis()));
        service.flush();
        int[] seen = {0};
        service.follow((id, nanos) -> ++seen[0] < documents.size());
        Map<String, Double> used = figures.cpuSecondsByThread();
        used.replaceAll((thread, seconds) -> (seconds - before.getOrDefault(thread, 0.0)) * 1_000 / documents.size());
        double all = used.values().stream().mapToDouble(Double::doubleValue).sum();
        double compiler = of(used, "C1 ", "C2 ");
        double model = of(used, "tagger");
        return new Window(all - compiler, all - compiler - model, compiler, figures.heapAfterCollection(), figures.resident());
    }

    private static double of(Map<String, Double> used, String... threads) {
        return used.entrySet().stream().filter(one -> Arrays.stream(threads).anyMatch(one.getKey()::startsWith))
                .mapToDouble(Map.Entry::getValue).sum();
    }
}
