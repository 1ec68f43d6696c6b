package io.metaie.console;

import io.metaie.feed.FeedItem;
import io.metaie.feed.FeedItem.Kind;
import io.metaie.feed.FeedListener;
import io.metaie.feed.Rate;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jboss.logging.Logger;

/**
 * One client that watches. What it has not taken yet waits in a bounded queue; when that is full the oldest extractions
 * make room, counted, and the client is told how many ({@code dropped}). A client that takes nothing for too long is taken
 * to have gone. Written to on its own event loop only; the queue is guarded by this.
 */
final class StreamClient implements FeedListener {

    static final int MAX_ITEMS = 64;
    static final int MAX_BYTES = 256 << 10;
    /** What the server may hold for it beside the queue, before it counts as slow. */
    static final int WRITE_QUEUE_BYTES = 32 << 10;

    private static final Logger LOG = Logger.getLogger(StreamClient.class);
    /** What comes within so short a time is written together: a call of the system for each would be what watching costs. */
    private static final long GATHER_MILLIS = 50;
    private static final long GONE_NANOS = 60_000_000_000L;

    private final HttpServerResponse response;
    private final Context context;
    private final StreamFilter filter;
    private final Rate rate;
    private final Counter lost;
    private final Runnable cutOff;
    private final Deque<FeedItem> waiting = new ArrayDeque<>();
    private int bytes;
    private long dropped;
    /** Whether what waits is going to be written: at its turn on the event loop, or when the client takes some. */
    private boolean scheduled;
    private volatile long taken = System.nanoTime();

    /** @param cutOff closes the connection without waiting for what is written to be taken */
    StreamClient(HttpServerResponse response, Context context, StreamFilter filter, Counter lost, Runnable cutOff) {
        this.response = response;
        this.context = context;
        this.filter = filter;
        this.rate = new Rate(filter.perSecond());
        this.lost = lost;
        this.cutOff = cutOff;
    }

    @Override
    public void offer(FeedItem item) {
        if (!filter.takes(item)) {
            return;
        }
        synchronized (this) {
            // Who follows one document sees all that becomes of it.
            if (item.kind() == Kind.EXTRACTION && filter.document().isEmpty() && !rate.take()) {
                return;
            }
            if (item.kind() == Kind.STATS) {
                waiting.removeIf(old -> old.kind() == Kind.STATS && forget(old)); // only the newest is of use
            }
            waiting.addLast(item);
            bytes += item.size();
            while (waiting.size() > 1 && (waiting.size() > MAX_ITEMS || bytes > MAX_BYTES)) {
                drop();
            }
            if (scheduled && waiting.size() != MAX_ITEMS / 2) {
                return;
            }
            scheduled = true;
            if (waiting.size() < MAX_ITEMS / 2) {
                context.runOnContext(now -> context.owner().setTimer(GATHER_MILLIS, due -> write()));
                return;
            }
        }
        context.runOnContext(now -> write()); // more would not fit
    }

    @Override
    public synchronized boolean wantsText(FeedItem item) {
        // A text is read for it: not for a client that has not taken what it was sent before.
        return filter.text() && waiting.size() < MAX_ITEMS && filter.takes(item)
                && (filter.document().isPresent() || rate.hasRoom());
    }

    @Override
    public boolean follows(String document) {
        return filter.document().filter(document::equals).isPresent();
    }

    @Override
    public void ended() {
        context.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                write();
                response.end();
            }
        });
    }

    /** Writes what waits, for as long as the client takes it. On its event loop. */
    void write() {
        // While the client takes nothing nothing is scheduled either: it says itself when it can take more.
        while (!response.closed() && !response.ended() && !response.writeQueueFull()) {
            Buffer next = next();
            if (next == null) {
                taken = System.nanoTime(); // it has all there is
                return;
            }
            response.write(next);
            taken = System.nanoTime();
        }
    }

    /**
     * A sign of life, which finds out who has gone without a word. On its event loop.
     *
     * @return whether the client is still taken to be there
     */
    boolean beat() {
        if (response.closed() || response.ended()) {
            return false;
        }
        if (!response.writeQueueFull()) {
            response.write(": \n\n");
            write();
        } else if (System.nanoTime() - taken > GONE_NANOS) {
            LOG.debug("Who watched has taken nothing for a minute; the connection is closed");
            cutOff.run();
            return false;
        }
        return true;
    }

    /** What waits, or a part of it; null when that is nothing. */
    private synchronized Buffer next() {
        Buffer gathered = Buffer.buffer();
        if (dropped > 0) {
            gathered.appendString("event: dropped\ndata: " + dropped + "\n\n");
            dropped = 0;
        }
        while (gathered.length() < WRITE_QUEUE_BYTES && !waiting.isEmpty()) {
            FeedItem item = waiting.pollFirst();
            bytes -= item.size();
            gathered.appendBytes(filter.text() && item.framed().isPresent() ? item.framed().get() : item.frame());
        }
        if (gathered.length() == 0) {
            scheduled = false;
            return null;
        }
        return gathered;
    }

    /** Extractions first: what becomes of commands is little, and somebody waits for it. */
    private void drop() {
        for (Iterator<FeedItem> all = waiting.iterator(); all.hasNext(); ) {
            FeedItem item = all.next();
            if (item.kind() == Kind.EXTRACTION) {
                all.remove();
                forget(item);
                count();
                return;
            }
        }
        forget(waiting.pollFirst());
        count();
    }

    private void count() {
        dropped++;
        lost.increment();
    }

    private boolean forget(FeedItem item) {
        bytes -= item.size();
        return true;
    }
}
