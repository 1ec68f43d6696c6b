package io.metaie.load;

import java.util.ArrayList;
import java.util.List;

/** What is there, or goes on, beside the documents of a scenario, until it is closed. */
interface Beside extends AutoCloseable {

    /** Nothing. */
    Beside NOTHING = () -> {};

    @Override
    void close() throws Exception;

    /** Begins it. */
    interface Start {
        Beside on(Target target) throws Exception;
    }

    /** Several at once. */
    static Start all(Start... starts) {
        return target -> {
            List<Beside> begun = new ArrayList<>();
            for (Start start : starts) {
                begun.add(start.on(target));
            }
            return () -> {
                for (Beside beside : begun) {
                    beside.close();
                }
            };
        };
    }
}
