package io.metaie.task;

/**
 * Where a command stands.
 *
 * @param topic the id the cluster gave the control topic: another one under the same name has another id
 * @param partition the partition
 * @param offset the offset
 */
public record ControlPlace(String topic, int partition, long offset) {

    /** {@code <topic>/<partition>/<offset>}, as headers carry it. */
    @Override
    public String toString() {
        return topic + "/" + partition + "/" + offset;
    }

    /** @throws IllegalArgumentException when the text is not of that form */
    public static ControlPlace parse(String text) {
        String[] parts = text.split("/");
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a place of a command: " + text);
        }
        return new ControlPlace(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }
}
