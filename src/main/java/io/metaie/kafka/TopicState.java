package io.metaie.kafka;

/**
 * A topic as it stands on the cluster.
 *
 * @param name how it is called
 * @param partitions how many it has
 * @param maxMessageBytes the largest record batch it takes, in bytes
 */
public record TopicState(String name, int partitions, int maxMessageBytes) {}
