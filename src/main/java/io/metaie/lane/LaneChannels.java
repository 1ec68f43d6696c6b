package io.metaie.lane;

import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.stream.IntStream;

/** How the lanes and the channels they read are called: as SmallRye names the copies of a channel. */
final class LaneChannels {

    /** The channel of the documents, as configured under {@code mp.messaging.incoming}. */
    static final String DOCUMENTS = "documents";

    private LaneChannels() {}

    /**
     * The channel of each lane.
     *
     * @throws ConfigurationException when there is to be none
     */
    static List<String> of(int lanes) {
        if (lanes < 1) {
            throw new ConfigurationException("metaie.lanes is " + lanes + ", and must be 1 or more");
        }
        return lanes == 1
                ? List.of(DOCUMENTS)
                : IntStream.rangeClosed(1, lanes).mapToObj(i -> DOCUMENTS + "$" + i).toList();
    }

    /** The number of the lane that reads a channel, from 1. */
    static int lane(String channel) {
        return channel.equals(DOCUMENTS) ? 1 : Integer.parseInt(channel.substring(DOCUMENTS.length() + 1));
    }

    /** What a lane is called on the broker: {@code <application>-<instance>-<lane>}, the same at every start. */
    static String id(MetaieConfig config, String channel) {
        return config.application() + "-" + InstanceName.of(config) + "-" + lane(channel);
    }

    static boolean isLane(String channel) {
        return channel.equals(DOCUMENTS) || channel.startsWith(DOCUMENTS + "$");
    }
}
