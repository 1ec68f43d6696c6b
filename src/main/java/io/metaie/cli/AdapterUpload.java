package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterParts.Part;
import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An adapter file on its way into the service. It is longer than a command may be, so it goes to the adapters' topic
 * first, in parts that the topic takes; the service makes a version of them and takes them away again.
 */
final class AdapterUpload {

    private final String task;
    private final String id;
    private final byte[] file;

    private AdapterUpload(String task, String id, byte[] file) {
        this.task = task;
        this.id = id;
        this.file = file;
    }

    /**
     * Reads the file. Whether it fits the service's model and the task is for the service to say.
     *
     * @param id of the upload
     * @throws CommandException when it is no adapter
     */
    static AdapterUpload read(Path path, String task, String id) {
        if (!Files.isRegularFile(path)) {
            throw new CommandException("there is no adapter file " + path);
        }
        try {
            byte[] file = Files.readAllBytes(path);
            AdapterFile.read(file);
            return new AdapterUpload(task, id, file);
        } catch (AdapterException e) {
            throw new CommandException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Its parts.
     *
     * @param recordBytes the largest record the adapters' topic takes
     */
    List<Part> parts(int recordBytes) {
        int size = recordBytes - AdapterParts.OVERHEAD;
        if (size < 1) {
            throw new CommandException("the adapters' topic takes records of " + recordBytes
                    + " bytes only: too few for parts of an adapter");
        }
        return AdapterParts.cut(AdapterParts.uploadPrefix(task, id), file, size);
    }

    /** What the command says of it. */
    void describe(ObjectNode command, int parts, Optional<String> activate) {
        command.put("upload", id).put("parts", parts).put("sha256", AdapterParts.sha256(file));
        activate.ifPresent(when -> command.put("activate", when));
    }

    /** A part as a record. */
    static ProducerRecord<byte[], byte[]> record(String topic, Part part) {
        return new ProducerRecord<>(topic, part.key().getBytes(UTF_8), part.value().orElse(null));
    }
}
