package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/**
 * A session on a device that can be lost. After a run that failed by the device's fault the session is not used again:
 * the next run closes it and opens another. While that fails, every run does. Whoever asks whether it is lost has that
 * tried, too, now and then: without work nothing else would.
 */
final class LosableSession implements RunSession {

    private static final Logger LOG = Logger.getLogger(LosableSession.class);

    private static final long BETWEEN_TRIES_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String device;
    private final Opener opener;
    /** Held for reading by runs, for writing by who opens or closes the session. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private Optional<RunSession> session;
    private volatile boolean lost;
    /** Of a session that is lost. */
    private volatile String why = "not opened yet";
    private final AtomicLong tried = new AtomicLong(System.nanoTime() - BETWEEN_TRIES_NANOS);

    /** Opens the session. */
    interface Opener {

        RunSession open() throws OrtException;
    }

    private LosableSession(String device, Opener opener, Optional<RunSession> session) {
        this.device = device;
        this.opener = opener;
        this.session = session;
        this.lost = session.isEmpty();
    }

    /** Opens it for the first time. */
    static LosableSession open(String device, Opener opener) throws OrtException {
        return new LosableSession(device, opener, Optional.of(opener.open()));
    }

    /** One on a device that is not there yet: lost until it can be opened. */
    static LosableSession awaited(String device, Opener opener) {
        return new LosableSession(device, opener, Optional.empty());
    }

    @Override
    public Optional<String> lost() {
        if (!lost) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        long last = tried.get();
        if (now - last < BETWEEN_TRIES_NANOS || !tried.compareAndSet(last, now)) {
            return Optional.of(why);
        }
        try {
            reopen();
            return Optional.empty();
        } catch (OrtException e) {
            return Optional.of(why);
        }
    }

    @Override
    public void run(RunInputs in, Map<String, OnnxTensor> adapter) throws OrtException {
        if (lost) {
            reopen();
        }
        lock.readLock().lock();
        try {
            session.orElseThrow(() -> new OrtException("the CUDA device " + device + " is lost")).run(in, adapter);
        } catch (OrtException e) {
            if (DeviceFailures.isOne(e) && !lost) {
                why = "the CUDA device " + device + " is lost: " + e.getMessage();
                lost = true;
                LOG.warnf("%s: %s; its session is opened again for the next batch", device, e.getMessage());
            }
            throw e;
        } finally {
            lock.readLock().unlock();
        }
    }

    private void reopen() throws OrtException {
        lock.writeLock().lock();
        try {
            if (!lost) {
                return;
            }
            closeQuietly();
            try {
                session = Optional.of(opener.open());
            } catch (OrtException | UnsatisfiedLinkError e) {
                why = "the CUDA device " + device + " cannot be had: " + e.getMessage();
                throw new OrtException(why);
            }
            lost = false;
            LOG.infof("%s: its session is open again", device);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeQuietly() {
        try {
            if (session.isPresent()) {
                session.get().close();
            }
        } catch (OrtException e) {
            LOG.debugf(e, "%s: the lost session could not be closed", device);
        }
        session = Optional.empty();
    }

    @Override
    public void close() throws OrtException {
        lock.writeLock().lock();
        try {
            if (session.isPresent()) {
                session.get().close();
            }
            session = Optional.empty();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
