package io.metaie.adaptation;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of an adaptation.
 *
 * @param model what was made of the final weights, learned from all examples
 * @param comparison what was measured on examples not learned from, if there were enough of them
 * @param verdict whether to use it, and why
 * @param took how long it took
 */
public record AdaptationResult<T>(T model, Optional<Comparison> comparison, Verdict verdict, Duration took) {}
