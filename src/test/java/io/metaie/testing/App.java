package io.metaie.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged application as a child process: {@code java -jar target/quarkus-app/quarkus-run.jar …}. Its output goes to
 * files, so that it never blocks and can be read at any time. Closing it kills it.
 */
public final class App implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private App(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Describes a run; nothing of this process' own Kafka or product settings is passed on. */
    public static Builder with(String... arguments) {
        return new Builder(List.of(arguments));
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Sends a signal by its name, such as {@code STOP} and {@code CONT}. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for the end. */
    public int exitCode() {
        return exitCode(PATIENCE);
    }

    /**
     * Waits for the end.
     *
     * @throws AssertionError when it does not come within the time
     */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + patience + "\n" + err());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** Standard output so far. */
    public String out() {
        return read(out);
    }

    /** Standard error so far: the log. */
    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** How to start it. */
    public static final class Builder {

        private final List<String> arguments;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
        /** Short lives on few cores: what counts is to be up soon. */
        private List<String> pace = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        private Path directory = Path.of("").toAbsolutePath();
        private byte[] input = {};

        private Builder(List<String> arguments) {
            this.arguments = arguments;
        }

        public Builder env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** A setting, as a system property. */
        public Builder set(String key, Object value) {
            jvm.add("-D" + key + "=" + value);
            return this;
        }

        /** An option of the JVM. */
        public Builder jvm(String option) {
            jvm.add(option);
            return this;
        }

        /** With the compiler and the collector that it would have without this: for what runs long, or is measured. */
        public Builder lasting() {
            pace = List.of();
            return this;
        }

        /** The working directory; this process' own if not given. */
        public Builder in(Path workingDirectory) {
            this.directory = workingDirectory.toAbsolutePath();
            return this;
        }

        /** What stands on standard input. */
        public Builder input(String text) {
            return input(text.getBytes(StandardCharsets.UTF_8));
        }

        /** What stands on standard input. */
        public Builder input(byte[] bytes) {
            this.input = bytes.clone();
            return this;
        }

        public App start() {
            try {
                Path out = temporary("out");
                Path err = temporary("err");
                Path in = temporary("in");
                Files.write(in, input);
                List<String> command = new ArrayList<>();
                command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(pace);
                command.addAll(jvm);
                command.addAll(List.of("-jar", JAR.toString()));
                command.addAll(arguments);
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_")
                        || name.startsWith("METAIE_") || name.startsWith("QUARKUS_"));
                builder.environment().putAll(environment);
                return new App(builder.start(), out, err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it, waits for its end and gives it back for its exit code and output to be read. */
        public App run() {
            App app = start();
            try {
                app.exitCode();
                return app;
            } catch (AssertionError e) {
                app.close();
                throw e;
            }
        }

        private static Path temporary(String kind) throws IOException {
            Path file = Files.createTempFile("metaie-", "." + kind);
            file.toFile().deleteOnExit();
            return file;
        }
    }
}
