package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.DeadLetters;
import io.metaie.record.InboundRecord;
import io.metaie.record.InfrastructureException;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import io.metaie.record.RecordProcessor;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/** One record in a lane's hand, from the first try to its outcome. Used by the lane's thread. */
final class RecordInWork {

    private static final Logger LOG = Logger.getLogger(RecordInWork.class);
    private static final int ATTEMPTS = 3;

    private final RecordProcessor processor;
    private final ConsumerRecord<byte[], byte[]> record;
    private final InboundRecord inbound;
    private CompletableFuture<Outcome> answer;
    private int failures;

    private RecordInWork(RecordProcessor processor, ConsumerRecord<byte[], byte[]> record) {
        this.processor = processor;
        this.record = record;
        this.inbound = new InboundRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                Optional.ofNullable(record.key()),
                Optional.ofNullable(record.value()),
                header(record, "content-type"),
                DeadLetters.parts(header(record, DeadLetters.SENTENCES)));
        start();
    }

    static RecordInWork begin(RecordProcessor processor, ConsumerRecord<byte[], byte[]> record) {
        return new RecordInWork(processor, record);
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    boolean done() {
        return answer.isDone();
    }

    /**
     * Waits for the outcome. A record whose own work fails is tried three times, then it is {@code failed}.
     *
     * @param nanos how long to wait at most
     * @return the outcome, if it is there by then
     * @throws InfrastructureException when no fault of the record's: {@link #again()} is worth a try, later
     */
    Optional<Outcome> await(long nanos) throws InterruptedException {
        try {
            return Optional.of(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (CancellationException e) {
            throw new InfrastructureException("the work was cancelled", e);
        } catch (ExecutionException e) {
            Throwable cause = cause(e);
            if (infrastructure(cause)) {
                throw cause instanceof InfrastructureException known
                        ? known
                        : new InfrastructureException(cause.toString(), cause);
            }
            return failed(cause);
        }
    }

    /** Tries once more if the last try was cut short by something that is no fault of the record. */
    void again() {
        if (answer.isCompletedExceptionally()) {
            start();
        }
    }

    void cancel() {
        answer.cancel(true);
    }

    private void start() {
        LOG.debugf("Record %s is taken up", inbound.place());
        try {
            answer = processor.process(inbound);
        } catch (RuntimeException | Error e) {
            answer = CompletableFuture.failedFuture(e);
        }
    }

    private Optional<Outcome> failed(Throwable cause) {
        failures++;
        if (failures < ATTEMPTS) {
            LOG.warnf("Record %s failed (%s); it is tried again (%d of %d)",
                    inbound.place(), cause, failures + 1, ATTEMPTS);
            start();
            return Optional.empty();
        }
        LOG.errorf(cause, "Record %s failed %d times; it goes to the dead letters", inbound.place(), ATTEMPTS);
        return Optional.of(new Outcome.Rejected(Reason.FAILED, cause.toString()));
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * Faults that are none of the record's: the device, memory, parts that are being shut down, classes that cannot be
     * loaded (an application whose files are replaced while it runs). A stack that overflows is the record's: it would
     * do so for ever.
     */
    private static boolean infrastructure(Throwable cause) {
        return cause instanceof InfrastructureException
                || Failures.ofClassLoading(cause)
                || cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)
                || cause instanceof CancellationException
                || cause instanceof RejectedExecutionException;
    }

    /** The last header of a name that has a value. */
    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Optional<String> last = Optional.empty();
        for (Header header : record.headers().headers(name)) {
            if (header.value() != null) {
                last = Optional.of(new String(header.value(), UTF_8));
            }
        }
        return last;
    }
}
