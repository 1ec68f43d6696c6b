package io.metaie.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the scripts of {@code kafka/}, with Kafka's own as its distribution has them: a class run by Java. */
public final class KafkaScripts {

    private final Path directory;

    /** @param directory where Kafka's scripts are put */
    public KafkaScripts(Path directory) throws IOException {
        this.directory = directory;
        script("kafka-topics.sh", "TopicCommand");
        script("kafka-acls.sh", "AclCommand");
    }

    private void script(String name, String type) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path script = Files.writeString(directory.resolve(name), """
                #!/bin/sh
                exec '%s' -Xmx128m -XX:TieredStopAtLevel=1 -cp '%s' org.apache.kafka.tools.%s "$@"
                """.formatted(java, System.getProperty("java.class.path"), type));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs one of this project's scripts; what it says. */
    public String run(String script, Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of("kafka", script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("METAIE_") || name.startsWith("KAFKA_"));
        builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new AssertionError(command + " ended with " + status + ": " + said);
        }
        return said;
    }
}
