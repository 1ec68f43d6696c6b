package io.metaie.cli;

import io.metaie.kafka.TopicSetupException;
import io.quarkus.dev.appstate.ApplicationStateNotification;
import io.quarkus.dev.appstate.ApplicationStateNotification.State;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Quarkus from its start to its end, and what has to follow it, however it ends: by itself, by a failed start, or by a
 * signal, when the JVM's hooks run while the main thread is still stopping.
 */
final class ServiceProcess {

    private static final Logger LOG = Logger.getLogger(ServiceProcess.class);
    private static final long STOP_SECONDS = 30;

    private final Thread main = Thread.currentThread();
    private final AtomicInteger exitCode = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    private ServiceProcess() {}

    /**
     * Runs Quarkus until it has stopped.
     *
     * @param afterwards what is stopped after it
     * @return the exit code: 0 when it was told to stop, 1 when it could not start
     */
    static int run(Runnable afterwards) {
        return new ServiceProcess().runThen(afterwards);
    }

    private int runThen(Runnable afterwards) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "metaie-stop"));
        ApplicationLifecycleManager.setDefaultExitCodeHandler(this::ended);
        try {
            Quarkus.run(null, this::ended);
        } finally {
            Thread.interrupted(); // an interrupted start is over; what follows must not be interrupted
            try {
                afterwards.run();
            } finally {
                ended.countDown();
            }
        }
        return exitCode.get();
    }

    /** On a signal: keeps the JVM until the main thread has stopped everything in order. */
    private void awaitEnd() {
        if (ended.getCount() == 0) {
            return;
        }
        if (ApplicationStateNotification.getState() == State.INITIAL) {
            main.interrupt(); // a start may wait for brokers for as long as they are away
        }
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("Not stopped after %d s; leaving", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(int code, Throwable failure) {
        exitCode.set(code);
        if (failure == null) {
            return;
        }
        if (ApplicationLifecycleManager.isVmShuttingDown()) {
            LOG.infof("Told to stop before it had started (%s)", failure.getMessage());
        } else {
            operatorsMessage(failure).ifPresentOrElse(
                    message -> LOG.errorf("The service cannot start: %s", message),
                    () -> LOG.error("The service cannot start", failure));
        }
    }

    /** What to tell the operator when the cause is the operator's to mend: no stack trace helps there. */
    private static Optional<String> operatorsMessage(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CommandException || t instanceof TopicSetupException
                    || t instanceof ConfigurationException || t instanceof ConfigValidationException) {
                return Optional.of(t.getMessage());
            }
            if (t instanceof BindException) {
                return Optional.of("the HTTP port is in use (" + t.getMessage()
                        + "); set quarkus.http.port, or QUARKUS_HTTP_PORT, to another");
            }
        }
        return Optional.empty();
    }
}
