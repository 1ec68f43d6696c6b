package io.metaie.adaptation;

/**
 * A judgement.
 *
 * @param activate whether to use it
 * @param reason why, or why not
 */
public record Verdict(boolean activate, String reason) {}
