package io.metaie.lane;

/** Tells whether the tagger is at work: a lane that waits long is well as long as this moves on. */
public interface Progress {

    /** How many micro-batches the tagger has finished since the start. */
    long batches();
}
