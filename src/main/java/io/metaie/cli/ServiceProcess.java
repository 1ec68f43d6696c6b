package io.metaie.cli;

import io.metaie.checkpoint.CheckpointException;
import io.metaie.kafka.TopicSetupException;
import io.metaie.onnx.DeviceException;
import io.quarkus.dev.appstate.ApplicationStateNotification;
import io.quarkus.dev.appstate.ApplicationStateNotification.State;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * Quarkus from its start to its end, with what has to start before it and stop after it, however it ends: by itself, by a
 * failed start, or by a signal. A signal does not end the JVM before all is stopped in order: the libraries' shutdown
 * hooks would take away what work in hand still needs (ONNX Runtime closes its environment in one).
 */
final class ServiceProcess {

    private static final Logger LOG = Logger.getLogger(ServiceProcess.class);
    private static final long STOP_SECONDS = 30;
    private static final List<String> STOP_SIGNALS = List.of("TERM", "INT");

    /** Failures whose message says what to do. */
    private static final Set<Class<?>> OPERATORS = Set.of(CheckpointException.class, DeviceException.class,
            TopicSetupException.class, ConfigurationException.class, ConfigValidationException.class,
            ConfigException.class);

    private final Thread main = Thread.currentThread();
    private final AtomicInteger exitCode = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean quarkusRuns;
    private final AtomicBoolean told = new AtomicBoolean();

    private ServiceProcess() {}

    /**
     * Runs Quarkus until it has stopped.
     *
     * @param before starts what Quarkus needs, and answers what stops it again
     * @return the exit code: 0 when it was told to stop, 1 when it could not start
     */
    static int run(Supplier<Runnable> before) {
        return new ServiceProcess().runOn(before);
    }

    private int runOn(Supplier<Runnable> before) {
        STOP_SIGNALS.forEach(this::listenTo);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopInOrder, "metaie-stop"));
        ApplicationLifecycleManager.setDefaultExitCodeHandler(this::stopped);
        try {
            Runnable afterwards = before.get();
            try {
                quarkusRuns = true;
                if (!told.get()) {
                    Quarkus.run(null, this::stopped);
                }
            } finally {
                quarkusRuns = false;
                Thread.interrupted(); // an interrupted start is over; what follows must not be interrupted
                afterwards.run();
            }
        } finally {
            ended.countDown();
        }
        return exitCode.get();
    }

    private void listenTo(String signal) {
        try {
            Signal.handle(new Signal(signal), received -> stopInOrder());
        } catch (IllegalArgumentException e) {
            // This platform has no such signal, or the JVM keeps it (-Xrs): then its shutdown hooks do what can be done.
            LOG.debugf("SIG%s is not listened to: %s", signal, e.getMessage());
        }
    }

    /** Once told: lets the main thread stop everything in order and end the JVM; leaves if that takes too long. */
    private void stopInOrder() {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        if (quarkusRuns) {
            if (ApplicationStateNotification.getState() == State.INITIAL) {
                main.interrupt(); // a start may wait for brokers for as long as they are away
            }
            Quarkus.asyncExit(0);
        }
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("Not stopped after %d s; leaving", STOP_SECONDS);
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopped(int code, Throwable failure) {
        exitCode.set(told.get() ? 0 : code); // a start that was cut off has not failed
        if (failure == null) {
            return;
        }
        if (told.get()) {
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
            if (OPERATORS.contains(t.getClass())) {
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
