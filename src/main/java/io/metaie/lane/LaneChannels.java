package io.metaie.lane;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How the channels are called that lanes read: as SmallRye names the copies of a channel. */
final class LaneChannels {

    /** The channel of the documents, as configured under {@code mp.messaging.incoming}. */
    static final String DOCUMENTS = "documents";
    /** The channel of the texts for the teacher. */
    static final String REQUESTS = "requests";

    private LaneChannels() {}

    /**
     * The channel of each lane.
     *
     * @param setting what says how many there are
     * @throws ConfigurationException when there is to be none
     */
    static List<String> of(LaneKind kind, int lanes, String setting) {
        if (lanes < 1) {
            throw new ConfigurationException(setting + " is " + lanes + ", and must be 1 or more");
        }
        return lanes == 1
                ? List.of(kind.channel())
                : IntStream.rangeClosed(1, lanes).mapToObj(i -> kind.channel() + "$" + i).toList();
    }

    /** The kind of lane that reads a channel, if a lane does. */
    static Optional<LaneKind> kind(String channel) {
        return Arrays.stream(LaneKind.values())
                .filter(kind -> channel.equals(kind.channel()) || channel.startsWith(kind.channel() + "$"))
                .findFirst();
    }

    /** The number of the lane that reads a channel, from 1. */
    static int number(String channel) {
        int copy = channel.indexOf('$');
        return copy < 0 ? 1 : Integer.parseInt(channel.substring(copy + 1));
    }
}
