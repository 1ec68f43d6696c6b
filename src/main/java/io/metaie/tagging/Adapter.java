package io.metaie.tagging;

/**
 * Which weights a query is asked of: a task's adapter, or the meta-model itself.
 *
 * @param task the task's name, empty for the meta-model
 * @param version the adapter's version, 0 for the meta-model
 */
public record Adapter(String task, int version) {

    /** The meta-model as it is. */
    public static final Adapter NONE = new Adapter("", 0);

    /** As the contract writes it: {@code news@3}. */
    @Override
    public String toString() {
        return task + "@" + version;
    }
}
