package io.metaie.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.task.TaskVersion;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An adapter's file in parts that the adapters' topic takes, each under {@code <task>/<version>/<part>}, the task
 * URL-encoded, so that no name can be mistaken for another.
 */
public final class AdapterParts {

    private AdapterParts() {}

    /**
     * One record of the topic.
     *
     * @param value empty for a part that is gone
     */
    public record Part(String key, Optional<byte[]> value) {}

    /** The key of a part, from 0. */
    public static String key(String task, int version, int part) {
        return URLEncoder.encode(task, UTF_8) + "/" + version + "/" + part;
    }

    /**
     * Cuts a file.
     *
     * @param size of a part, bytes
     */
    public static List<Part> cut(String task, int version, byte[] file, int size) {
        List<Part> parts = new ArrayList<>();
        for (int start = 0; start < file.length || parts.isEmpty(); start += size) {
            parts.add(new Part(key(task, version, parts.size()),
                    Optional.of(Arrays.copyOfRange(file, start, Math.min(file.length, start + size)))));
        }
        return parts;
    }

    /** What takes a version's parts away. */
    public static List<Part> tombstones(String task, TaskVersion version) {
        List<Part> parts = new ArrayList<>();
        for (int part = 0; part < version.parts(); part++) {
            parts.add(new Part(key(task, version.number(), part), Optional.empty()));
        }
        return parts;
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
