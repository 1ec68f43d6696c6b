package io.metaie.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, with a Java and a Maven wrapper that only say how they were called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {

    @TempDir
    Path directory;

    private Path home;
    private Path jar;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void checkout() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("a checkout"));
        executable(home.resolve("metaie"), Files.readString(Path.of("metaie")));
        jar = home.resolve("target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        java("17.0.1");
    }

    private void java(String version) throws IOException {
        Path jdk = directory.resolve("jdk-" + version);
        Files.createDirectories(jdk.resolve("bin"));
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\necho \"spin=$GOMP_SPINCOUNT locale=$LC_ALL\"\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        environment.put("JAVA_HOME", jdk.toString());
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void sources(String buildResult) throws IOException {
        for (String source : List.of("pom.xml", "src/main/A.java", "kafka/topics.yaml")) {
            Path file = home.resolve(source);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
        executable(home.resolve("mvnw"), "#!/bin/sh\necho \"built with $*\"\n" + buildResult + "\n");
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(30)));
    }

    private record Run(int code, List<String> out, String err) {}

    private Run run(Path launcher, String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList()).directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of(
                "METAIE_JAVA_OPTS", "LC_ALL", "LC_CTYPE", "LANG", "GOMP_SPINCOUNT"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }

    @Test
    void passesArgumentsOnAndSetsTheJvm() throws Exception {
        environment.put("METAIE_JAVA_OPTS", "-Xmx4g -Dx=*");
        Run run = run(home.resolve("metaie"), "extract", "two words", "", "*");
        assertEquals(0, run.code(), run.err());
        int options = run.out().indexOf("-jar");
        assertEquals(List.of("-jar", jar.toString(), "extract", "two words", "", "*", "spin=0 locale=C.UTF-8"),
                run.out().subList(options, run.out().size()));
        List<String> jvm = run.out().subList(0, options);
        assertTrue(jvm.indexOf("-Xmx1g") < jvm.indexOf("-Xmx4g"), jvm::toString);
        assertTrue(jvm.containsAll(List.of("-Dx=*", "-XX:+UseSerialGC", "-Dterminal.descriptors=-")), jvm::toString);
        assertFalse(jvm.toString().contains("sun-misc-unsafe"), jvm::toString);
    }

    @Test
    void leavesTheChoiceOfTheCollector() throws Exception {
        environment.put("METAIE_JAVA_OPTS", "-XX:+UseG1GC");
        assertFalse(run(home.resolve("metaie")).out().contains("-XX:+UseSerialGC"));
    }

    @Test
    void worksThroughLinks() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path link = Files.createSymbolicLink(bin.resolve("m"), Path.of("..", "a checkout", "metaie"));
        Path second = Files.createSymbolicLink(directory.resolve("n"), link);
        assertTrue(run(second).out().contains(jar.toString()));
    }

    @Test
    void quietensNewerJdks() throws Exception {
        java("25");
        assertTrue(run(home.resolve("metaie")).out().contains("--sun-misc-unsafe-memory-access=allow"));
    }

    @Test
    void refusesAnOlderJava() throws Exception {
        for (String version : List.of("11.0.2", "1.8.0_292")) {
            java(version);
            Run run = run(home.resolve("metaie"));
            assertEquals(1, run.code());
            assertEquals(List.of(), run.out());
            assertTrue(run.err().contains("Java 17 or newer is needed"), run.err());
        }
    }

    @Test
    void buildsWhatIsOlderThanItsSources() throws Exception {
        sources("touch target/quarkus-app/quarkus-run.jar");
        assertEquals("", run(home.resolve("metaie")).err());
        for (String source : List.of("pom.xml", "src/main/A.java", "kafka/topics.yaml")) {
            sources("touch target/quarkus-app/quarkus-run.jar");
            Files.setLastModifiedTime(home.resolve(source), FileTime.from(Instant.now()));
            Run run = run(home.resolve("metaie"));
            assertEquals(0, run.code());
            assertTrue(run.err().contains("built with -q -B"), run.err());
            assertFalse(run.out().toString().contains("built"), run.out()::toString);
        }
    }

    @Test
    void aFailedBuildIsTheEnd() throws Exception {
        sources("exit 1");
        Files.delete(jar);
        Run run = run(home.resolve("metaie"), "serve");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("the build failed"), run.err());
        assertEquals(List.of(), run.out());
    }
}
