package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/**
 * A session on a device that can be lost. After a run that failed by the device's fault the session is not used again:
 * the next run closes it and opens another. While that fails, every run does.
 */
final class LosableSession implements RunSession {

    private static final Logger LOG = Logger.getLogger(LosableSession.class);

    private final String device;
    private final Opener opener;
    /** Held for reading by runs, for writing by who opens or closes the session. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private Optional<RunSession> session;
    private volatile boolean lost;

    /** Opens the session. */
    interface Opener {

        RunSession open() throws OrtException;
    }

    /** Opens it for the first time. */
    LosableSession(String device, Opener opener) throws OrtException {
        this.device = device;
        this.opener = opener;
        this.session = Optional.of(opener.open());
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
            } catch (OrtException e) {
                throw new OrtException("the CUDA device " + device + " is lost: " + e.getMessage());
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
