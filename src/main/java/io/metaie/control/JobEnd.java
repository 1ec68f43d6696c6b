package io.metaie.control;

import io.metaie.adapter.AdapterParts.Part;
import io.metaie.control.Event.Gate;
import io.metaie.task.TaskVersion;
import java.util.List;
import java.util.Optional;

/** How a job ended. */
sealed interface JobEnd {

    /**
     * There is something to tell.
     *
     * @param parts what is taken away of what the job needed
     */
    record Told(Event event, List<Part> parts) implements JobEnd {

        Told(Event event) {
            this(event, List.of());
        }
    }

    /**
     * It is the turn of a command that waited.
     *
     * @param value the command as it came
     */
    record Due(byte[] value) implements JobEnd {}

    /**
     * A version was made.
     *
     * @param parts its weights, and what is taken away of what the job needed
     * @param gate what was measured on examples not learned from
     * @param activate whether it is to be put in force
     * @param reason why, or why not
     */
    record Made(TaskVersion version, List<Part> parts, Optional<Gate> gate, double seconds, boolean activate, String reason)
            implements JobEnd {}
}
