package io.metaie.feed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.extraction.DocumentReader;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * Who watches, and the thread that reads for all of them, which runs only while there is somebody. Starting, it goes to
 * the topics' ends: what is committed from its {@code ready} on is shown, or counted as left out.
 */
@ApplicationScoped
public class Feed {

    private static final Logger LOG = Logger.getLogger(Feed.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final long STOP_MILLIS = 2_000;

    private final KafkaClients clients;
    private final Topics topics;
    private final DocumentReader documents;
    private final MeterRegistry meters;
    private final double perSecond;
    private final FeedItem ready;
    private final List<FeedListener> listeners = new CopyOnWriteArrayList<>();
    private Optional<FeedThread> thread = Optional.empty();
    private boolean stopped;

    Feed(KafkaClients clients, Topics topics, DocumentReader documents, MeterRegistry meters, MetaieConfig config) {
        this.clients = clients;
        this.topics = topics;
        this.documents = documents;
        this.meters = meters;
        this.perSecond = config.http().stream().perSecond();
        this.ready = FeedItem.of(FeedItem.Kind.READY, Optional.empty(),
                JSON.createObjectNode().put("instance", InstanceName.of(config)).toString());
    }

    /** Somebody begins to watch. */
    public synchronized void add(FeedListener listener) {
        if (stopped) {
            listener.ended();
            return;
        }
        listeners.add(listener);
        if (thread.isPresent() && thread.get().isReady()) {
            listener.offer(ready);
        }
        if (thread.isEmpty()) {
            FeedThread started = new FeedThread(this, new FeedReader.Sources(clients, topics, documents), meters, perSecond);
            thread = Optional.of(started);
            started.start();
            LOG.debug("Somebody watches; the feed begins");
        }
    }

    /** Somebody watches no longer. */
    public void remove(FeedListener listener) {
        listeners.remove(listener);
    }

    /** Those who watch now. */
    List<FeedListener> listeners() {
        return listeners;
    }

    /** The thread has come to the topics' ends, for the first time or again after the brokers were away. */
    synchronized void ready(FeedThread now) {
        now.readyNow();
        offer(ready);
    }

    void offer(FeedItem item) {
        listeners.forEach(listener -> listener.offer(item));
    }

    /** Whether the thread may end, because nobody watches: then another is started for whoever comes next. */
    synchronized boolean endsUnwatched() {
        if (listeners.isEmpty()) {
            thread = Optional.empty();
            return true;
        }
        return false;
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) throws InterruptedException {
        Optional<FeedThread> running;
        synchronized (this) {
            stopped = true;
            running = thread;
        }
        listeners.forEach(FeedListener::ended);
        if (running.isPresent()) {
            running.get().end(STOP_MILLIS);
        }
    }
}
