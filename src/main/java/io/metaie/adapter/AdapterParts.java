package io.metaie.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.task.TaskVersion;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An adapter's file in parts that the adapters' topic takes, each under {@code <task>/<version>/<part>}, the task
 * URL-encoded, so that no name can be mistaken for another.
 */
public final class AdapterParts {

    /** What a record takes beside its value, in bytes: its key, and what Kafka puts round it. */
    public static final int OVERHEAD = 4_096;

    private static final String UPLOAD = "upload-";

    private AdapterParts() {}

    /**
     * One record of the topic.
     *
     * @param value empty for a part that is gone
     */
    public record Part(String key, Optional<byte[]> value) {}

    /** What the keys of a version's parts begin with. */
    public static String prefix(String task, int version) {
        return prefix(task) + version + "/";
    }

    /** What the keys of parts begin with that wait to be imported. */
    public static String uploadPrefix(String task, String upload) {
        return prefix(task) + UPLOAD + upload + "/";
    }

    private static String prefix(String task) {
        return URLEncoder.encode(task, UTF_8) + "/";
    }

    /** Whether a key is that of a part that waits to be imported into a task. */
    static boolean isUpload(String task, String key) {
        return key.startsWith(prefix(task) + UPLOAD);
    }

    /** The keys of the parts of a file. */
    public static List<String> keys(String prefix, int parts) {
        return IntStream.range(0, parts).mapToObj(part -> prefix + part).toList();
    }

    /**
     * Cuts a file.
     *
     * @param size of a part, bytes
     */
    public static List<Part> cut(String prefix, byte[] file, int size) {
        List<Part> parts = new ArrayList<>();
        for (int start = 0; start < file.length || parts.isEmpty(); start += size) {
            parts.add(new Part(prefix + parts.size(),
                    Optional.of(Arrays.copyOfRange(file, start, Math.min(file.length, start + size)))));
        }
        return parts;
    }

    /** What takes parts away. */
    public static List<Part> tombstones(Collection<String> keys) {
        return keys.stream().map(key -> new Part(key, Optional.empty())).toList();
    }

    /** What takes a version's parts away. */
    public static List<Part> tombstones(String task, TaskVersion version) {
        return tombstones(keys(prefix(task, version.number()), version.parts()));
    }

    /** The SHA-256 of a file, 64 hexadecimal digits. */
    public static String sha256(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
