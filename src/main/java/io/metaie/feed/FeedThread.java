package io.metaie.feed;

import io.metaie.kafka.Backoff;
import io.metaie.kafka.StopSignal;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Reads for those who watch, for as long as somebody does and a little longer. */
final class FeedThread extends Thread {

    private static final Logger LOG = Logger.getLogger(FeedThread.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Feed feed;
    private final FeedReader.Sources sources;
    private final MeterRegistry meters;
    private final double perSecond;
    private final StopSignal stop = new StopSignal();
    private volatile boolean ready;

    FeedThread(Feed feed, FeedReader.Sources sources, MeterRegistry meters, double perSecond) {
        super("metaie-feed");
        setDaemon(true);
        this.feed = feed;
        this.sources = sources;
        this.meters = meters;
        this.perSecond = perSecond;
    }

    boolean isReady() {
        return ready;
    }

    void readyNow() {
        ready = true;
    }

    void end(long patienceMillis) throws InterruptedException {
        stop.set();
        join(patienceMillis);
    }

    @Override
    public void run() {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        long watched = System.nanoTime();
        while (!stop.isSet()) {
            try (FeedReader reader = new FeedReader(sources, feed, new Pulse(meters), perSecond)) {
                reader.toTheEnd();
                feed.ready(this);
                while (!stop.isSet()) {
                    reader.step();
                    pause.reset();
                    watched = feed.listeners().isEmpty() ? watched : System.nanoTime();
                    if (System.nanoTime() - watched > GRACE.toNanos() && feed.endsUnwatched()) {
                        return;
                    }
                }
            } catch (WakeupException | InterruptException e) {
                LOG.debug("Stopped", e);
            } catch (RuntimeException | Error e) { // whatever it is: a thread that ends would leave them without a word
                ready = false;
                long millis = pause.next();
                LOG.warnf("Those who watch the stream see nothing for now (%s); next try in %d ms", e.getMessage(), millis);
                try {
                    stop.pause(millis);
                } catch (InterruptedException stopped) {
                    return;
                }
                if (feed.endsUnwatched()) {
                    return;
                }
            }
        }
    }
}
