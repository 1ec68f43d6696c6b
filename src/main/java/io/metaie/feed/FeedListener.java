package io.metaie.feed;

/** Somebody who watches. Is called by the feed's thread: must be quick, never block and never throw. */
public interface FeedListener {

    /** Something was committed. */
    void offer(FeedItem item);

    /** Whether it would show this extraction, and with its document's text. */
    boolean wantsText(FeedItem item);

    /** Whether it follows the document of this name: then that one is never left out by sampling. */
    boolean follows(String document);

    /** The feed has ended: this instance is being stopped. */
    void ended();
}
