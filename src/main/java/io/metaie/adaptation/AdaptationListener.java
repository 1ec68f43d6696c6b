package io.metaie.adaptation;

/** Hears how an adaptation goes, on the thread it runs on, and may end it. */
public interface AdaptationListener {

    /**
     * An epoch is done.
     *
     * @param epoch how many are, over all fits
     * @param epochs how many there will be at most; fewer once it is known that fewer are better
     * @param loss the mean over the epoch's steps
     */
    void progress(int epoch, int epochs, double loss);

    /** Whether to stop: asked before every step. */
    boolean isCancelled();
}
