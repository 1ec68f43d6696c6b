package io.metaie.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What another Java process on this Linux machine holds and has used. Sizes are megabytes of 2²⁰ bytes. */
record ProcessFigures(long pid) {

    private static final double TICKS = 100; // of /proc/PID/stat, a second
    private static final double KILO = 1024;

    /** Resident memory. */
    double resident() throws IOException {
        return status("VmRSS:") / KILO;
    }

    /** The most that was ever resident. */
    double peakResident() throws IOException {
        return status("VmHWM:") / KILO;
    }

    int threads() throws IOException {
        return (int) status("Threads:");
    }

    /** Open files, sockets and pipes. */
    int handles() throws IOException {
        try (Stream<Path> handles = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return (int) handles.count();
        }
    }

    /** What it has taken of the processors so far. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        return seconds(stat);
    }

    /** What each kind of thread has taken of the processors so far, seconds, by its name without numbers. */
    Map<String, Double> cpuSecondsByThread() throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path thread : threads) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    seconds.merge(name.replaceAll("[-#0-9 ]+$", ""), seconds(stat), Double::sum);
                } catch (NoSuchFileException e) {
                    // it has just ended
                }
            }
        }
        return seconds;
    }

    /** User's and system's time of a line of {@code stat}, proc(5). */
    private static double seconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** Collects, then asks for what is left: used megabytes of the heap. */
    double heapAfterCollection() throws IOException, InterruptedException {
        command("GC.run");
        return command("GC.heap_info").lines()
                .filter(line -> line.matches(".* total [0-9]+K, used [0-9]+K.*"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*used ([0-9]+)K.*", "$1")) / KILO)
                .sum();
    }

    private double status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst().orElseThrow();
    }

    private String command(String name) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), name).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
