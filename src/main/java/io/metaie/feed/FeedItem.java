package io.metaie.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.Set;

/**
 * Something that was committed, written once as a server-sent event and shared by everybody who is shown it.
 *
 * @param kind what it is
 * @param task the task it is about, if it names one
 * @param labels the labels of its spans
 * @param documents by which names its document goes: its id, and its record's place
 * @param frame the whole event as it goes over the wire
 * @param framed the same with the document's text, if that was looked up
 */
public record FeedItem(
        Kind kind, Optional<String> task, Set<String> labels, Set<String> documents, byte[] frame, Optional<byte[]> framed) {

    /** What is fed. */
    public enum Kind {
        /** The feed has begun: what is committed from now on is shown, or counted as left out. */
        READY("ready"),
        EXTRACTION("extraction"),
        DEAD_LETTER("dead-letter"),
        /** What became of a command. */
        EVENT("event"),
        /** How this instance does, once a second. */
        STATS("stats");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The name of the server-sent event. */
        public String wireName() {
            return wireName;
        }

        /** The kind of a name. */
        public static Optional<Kind> of(String wireName) {
            for (Kind kind : values()) {
                if (kind.wireName.equals(wireName)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /** An item about no document. */
    static FeedItem of(Kind kind, Optional<String> task, String json) {
        return new FeedItem(kind, task, Set.of(), Set.of(), frame(kind, Optional.empty(), json), Optional.empty());
    }

    /** The same item, with another frame for those who want the text. */
    FeedItem withText(String id, String json) {
        return new FeedItem(kind, task, labels, documents, frame, Optional.of(frame(kind, Optional.of(id), json)));
    }

    /**
     * Writes an event.
     *
     * @param json on one line or several: between values a line break is white space
     */
    static byte[] frame(Kind kind, Optional<String> id, String json) {
        StringBuilder event = new StringBuilder(json.length() + 64).append("event: ").append(kind.wireName()).append('\n');
        id.ifPresent(known -> event.append("id: ").append(known).append('\n'));
        return event.append("data: ").append(json.replace('\n', ' ').replace('\r', ' ')).append("\n\n").toString().getBytes(UTF_8);
    }

    /** How many bytes it holds. */
    public int size() {
        return frame.length + framed.map(bytes -> bytes.length).orElse(0);
    }
}
