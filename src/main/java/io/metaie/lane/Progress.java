package io.metaie.lane;

/** Tells whether what answers a lane's records is at work: a lane that waits long is well as long as this moves on. */
public interface Progress {

    /** How many pieces of work (micro-batches of the tagger, calls to the teacher) have ended since the start. */
    long batches();
}
