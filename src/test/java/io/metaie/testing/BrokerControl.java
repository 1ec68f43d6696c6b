package io.metaie.testing;

import java.util.Map;

/**
 * Stops and starts the broker of {@link BrokerResource} from within a test. Test and resource may live in two class
 * loaders, so what they share are the JDK's own types, held by the system properties.
 */
public final class BrokerControl {

    private static final String KEY = "metaie.testing.broker";

    private BrokerControl() {}

    static void offer(Runnable stop, Runnable start) {
        System.getProperties().put(KEY, Map.of("stop", stop, "start", start));
    }

    /** Stops the broker in order; its data stays. */
    public static void stop() {
        run("stop");
    }

    /** Starts it again, on the same port and the same data. */
    public static void start() {
        run("start");
    }

    private static void run(String action) {
        ((Runnable) ((Map<?, ?>) System.getProperties().get(KEY)).get(action)).run();
    }
}
