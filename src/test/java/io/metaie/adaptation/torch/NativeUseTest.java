package io.metaie.adaptation.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
class NativeUseTest {

    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals")
    void aProcessEndedWhileItTrainsEndsInOrder() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m", "-XX:ErrorFile=" + directory.resolve("crash.log"),
                        "-cp", System.getProperty("java.class.path"), EndlessTraining.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            StringBuilder seen = new StringBuilder();
            for (int steps = 0; steps < 2; ) {
                String line = output.readLine();
                assertTrue(line != null, seen.toString());
                seen.append(line).append('\n');
                steps += line.equals("step") ? 1 : 0;
            }
            process.toHandle().destroy(); // unlike destroy() of the process, leaves its output to be read
            output.lines().forEach(line -> seen.append(line).append('\n'));
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(TERMINATED, process.exitValue(), seen.toString());
            assertTrue(Files.notExists(directory.resolve("crash.log")));
        } finally {
            process.destroyForcibly();
        }
    }
}
