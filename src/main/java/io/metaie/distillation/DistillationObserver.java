package io.metaie.distillation;

/** Hears of what answers make of sentences. Must be quick and must not throw. */
@FunctionalInterface
public interface DistillationObserver {

    /** An answer was read. It may be read again when its record is. */
    void distilled(Distilled distilled);
}
