package io.metaie.control;

import java.util.Optional;

/**
 * What a command, or an event, is about.
 *
 * @param task the task; empty only where a rejected command names none
 * @param commandId the command's id, if it has one
 */
public record About(Optional<String> task, Optional<String> commandId) {}
