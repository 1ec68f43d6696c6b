package io.metaie.lane;

import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a failure tells; its cause is often wrapped. */
final class Failures {

    private Failures() {}

    /** Another producer or consumer took the lane's name. */
    static boolean fenced(Throwable failure) {
        return caused(failure, ProducerFencedException.class)
                || caused(failure, InvalidProducerEpochException.class)
                || caused(failure, FencedInstanceIdException.class);
    }

    /** Another consumer took the lane's name in the group, and this one does not find back by itself. */
    static boolean expelled(Throwable failure) {
        return caused(failure, FencedInstanceIdException.class);
    }

    /** The group does not know the lane's consumer at this generation. */
    static boolean unknownToTheGroup(Throwable failure) {
        return caused(failure, CommitFailedException.class);
    }

    /** A topic takes less than it was believed to. */
    static boolean tooLarge(Throwable failure) {
        return caused(failure, RecordTooLargeException.class);
    }

    /**
     * A class could not be loaded. That is never the fault of a record: most often the application's files were
     * replaced while it runs, and then Quarkus' class loader throws plain runtime exceptions.
     */
    static boolean ofClassLoading(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof LinkageError || Stream.of(t.getStackTrace()).anyMatch(Failures::loadsClass)) {
                return true;
            }
        }
        return false;
    }

    private static boolean loadsClass(StackTraceElement frame) {
        return frame.getClassName().equals(ClassLoader.class.getName()) && frame.getMethodName().equals("loadClass");
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
