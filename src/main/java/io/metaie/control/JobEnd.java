package io.metaie.control;

import io.metaie.adapter.AdapterParts.Part;
import io.metaie.control.Event.Gate;
import io.metaie.task.TaskVersion;
import java.util.List;
import java.util.Optional;

/** How a job ended. */
sealed interface JobEnd {

    /** There is nothing but something to tell. */
    record Told(Event event) implements JobEnd {}

    /**
     * A version was made.
     *
     * @param parts its weights
     * @param gate what was measured on examples not learned from
     * @param activate whether it is to be put in force
     * @param reason why, or why not
     */
    record Made(TaskVersion version, List<Part> parts, Optional<Gate> gate, double seconds, boolean activate, String reason)
            implements JobEnd {}
}
