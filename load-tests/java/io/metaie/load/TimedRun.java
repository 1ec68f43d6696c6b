package io.metaie.load;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the same work took on several threads at once.
 *
 * @param seconds by the clock
 * @param computed by all threads together
 */
record TimedRun(double seconds, double computed) {

    /** What each thread does. */
    interface Work {
        void run() throws Exception;
    }

    static TimedRun of(int threads, Work work) throws Exception {
        Callable<Double> worker = () -> {
            double start = Machine.computed();
            work.run();
            return Machine.computed() - start;
        };
        double computed = 0;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        long start = System.nanoTime();
        try {
            for (Future<Double> done : pool.invokeAll(Collections.nCopies(threads, worker))) {
                computed += done.get();
            }
        } finally {
            pool.shutdown();
        }
        return new TimedRun((System.nanoTime() - start) / 1e9, computed);
    }
}
