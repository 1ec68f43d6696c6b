package io.metaie.lane;

/** The consumer group has moved on since a batch was polled: its partitions may belong to another lane by now. */
final class StaleBatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleBatchException(int polled, int now) {
        super("polled under generation " + polled + " of the group, which is at " + now + " now", null, false, false);
    }
}
