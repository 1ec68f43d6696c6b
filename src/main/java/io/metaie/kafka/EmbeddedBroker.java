package io.metaie.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker in this process: KRaft, broker and controller in one, one static voter, replication 1, listening
 * on the loopback address only. Its data lives below a directory, so that topics, offsets and tasks survive a restart.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int NODE = 1;
    private static final String HOST = "127.0.0.1";
    private static final int BIND_ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final FileChannel lock;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, FileChannel lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts a broker on a directory, which is made and formatted if it is fresh.
     *
     * @param directory where its data lives; only one broker at a time may use it
     * @param port the port to listen on; a free one is taken when it is 0 or in use
     * @throws DirectoryInUseException when another running broker uses the directory
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, settings -> settings);
    }

    /** @param change makes other settings of those that are usual here */
    static EmbeddedBroker start(Path directory, int port, UnaryOperator<Map<String, String>> change) {
        Path home = directory.toAbsolutePath().normalize();
        FileChannel lock = lock(home);
        // Kafka looks classes up through the context class loader, which under Quarkus may be another than its own.
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(EmbeddedBroker.class.getClassLoader());
        try {
            format(home);
            return startOnFreePorts(home, port, lock, change);
        } catch (RuntimeException | Error e) {
            release(lock);
            throw e;
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** The address for {@code bootstrap.servers}. */
    public String bootstrap() {
        return HOST + ":" + port;
    }

    /** Stops the broker in order and gives the directory back. */
    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            release(lock);
        }
    }

    private static EmbeddedBroker startOnFreePorts(
            Path home, int wanted, FileChannel lock, UnaryOperator<Map<String, String>> change) {
        for (int attempt = 1; ; attempt++) {
            int port = freePort(attempt == 1 ? wanted : 0);
            KafkaRaftServer server = null;
            try {
                Map<String, String> settings = change.apply(settings(home, port, freePort(0)));
                server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
                server.startup();
                return new EmbeddedBroker(server, lock, port);
            } catch (RuntimeException e) {
                if (server != null) {
                    server.shutdown();
                    server.awaitShutdown();
                }
                // Between finding a port free and listening on it, another process may have taken it.
                if (attempt == BIND_ATTEMPTS || !causedByTakenPort(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean causedByTakenPort(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static int freePort(int wanted) {
        for (int candidate : wanted == 0 ? new int[] {0} : new int[] {wanted, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), candidate));
                return socket.getLocalPort();
            } catch (IOException e) {
                if (candidate == 0) {
                    throw new UncheckedIOException("no free port on " + HOST, e);
                }
            }
        }
        throw new IllegalStateException("unreachable");
    }

    private static void format(Path home) {
        if (Files.exists(home.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(home.toString())
                .addDirectory(home.toString())
                // A start that was killed while formatting leaves the directory half formatted.
                .setIgnoreFormatted(true);
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + home + " for the embedded broker: " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path home) {
        FileChannel channel = null;
        try {
            Files.createDirectories(home);
            channel = FileChannel.open(
                    home.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer as for another one.
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded broker cannot use " + home + ": " + e.getMessage(), e);
        }
        release(channel);
        throw new DirectoryInUseException(home);
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> settings(Path home, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        settings.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", home.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        // A service that rested for longer than Kafka's week must not begin again with the oldest document.
        settings.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE));
        settings.put("offsets.topic.segment.bytes", String.valueOf(16 << 20));
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("transaction.state.log.segment.bytes", String.valueOf(16 << 20));
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // How soon readers get past the open transaction of an instance that died and did not come back.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // A killed process leaves a session behind that its successor has to wait out before it may register.
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("broker.session.timeout.ms", "3000");
        // One small broker beside a model: few threads, small buffers.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        settings.put("log.segment.bytes", String.valueOf(128 << 20));
        settings.put("log.index.size.max.bytes", String.valueOf(1 << 20));
        return settings;
    }
}
