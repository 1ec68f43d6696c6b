package io.metaie.distillation.answers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.metaie.distillation.BookedTeacher;
import io.metaie.distillation.Books;
import io.metaie.distillation.KeptAnswer;
import io.metaie.distillation.Question;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.StateFollower;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.record.InfrastructureException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;

/**
 * The books of all instances on one compacted topic: cache, ledger and audit of the teacher's answers. An answer is written
 * when it arrives, outside any transaction: it is paid for, whatever becomes of its record. Everything goes to the first
 * partition, whose order is the one in which money is set aside (see {@link AnswerIndex}).
 */
public final class AnswerLog implements Books, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AnswerLog.class);
    private static final long CACHED_CHARS = 16 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final long PATIENCE_SECONDS = LONGEST_DECISION.toSeconds();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);

    private final KafkaClients clients;
    private final TopicSetup topicSetup;
    private final String model;
    private final OptionalDouble budget;
    private final String instance;
    private final Map<String, CompletableFuture<Boolean>> undecided = new ConcurrentHashMap<>();
    private final AnswerIndex index = new AnswerIndex(this::decided);
    private final Cache<String, TeacherAnswer> cache = Caffeine.newBuilder()
            .maximumWeight(CACHED_CHARS)
            .weigher((String key, TeacherAnswer answer) -> key.length() + answer.text().length())
            .build();
    /** Reads, so that nobody else waits for brokers. */
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "metaie-answers-read");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Open> open = Optional.empty();

    /** What is open between start and stop. */
    private record Open(String topic, StateFollower follower, AnswerWriter writer, Consumer<byte[], byte[]> consumer) {}

    /**
     * @param budget USD a calendar month, of all instances together
     * @param instance of whom amounts are set aside
     */
    public AnswerLog(KafkaClients clients, TopicSetup topicSetup, String model, OptionalDouble budget, String instance) {
        this.clients = clients;
        this.topicSetup = topicSetup;
        this.model = model;
        this.budget = budget;
        this.instance = instance;
    }

    /** Reads the topic to its present end, however long that takes, and follows it from then on. */
    public void open() throws InterruptedException, TopicSetupException {
        TopicState topic = topicSetup.ensure(Set.of(Topic.DISTILLATION_ANSWERS)).get(Topic.DISTILLATION_ANSWERS);
        StateFollower follower = StateFollower.start(clients, topic, index::apply);
        synchronized (this) {
            open = Optional.of(new Open(topic.name(), follower,
                    new AnswerWriter(() -> clients.producer("metaie-answers", PRODUCER), topic.name(), FIRST_PAUSE),
                    clients.consumer("metaie-answers-read", KafkaClients.RECORD_BY_RECORD)));
        }
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        while (true) {
            try {
                follower.present().get();
                Instant now = Instant.now();
                LOG.infof("Answers of the teacher that are known: %d; spent this month: %s", index.size(),
                        usd(index.spending().total(now)));
                return;
            } catch (ExecutionException e) {
                long millis = pause.next();
                LOG.warnf("The answers cannot be read (%s); requests wait, next try in %d ms", e.getCause(), millis);
                Thread.sleep(millis);
            }
        }
    }

    /** What all instances spent this month, or have set aside, as far as is known here, USD. */
    public double spentThisMonth() {
        return index.spending().total(Instant.now());
    }

    /** Grows for as long as answers are written, or are tried to be while the brokers are away. */
    public synchronized long tries() {
        return open.map(now -> now.writer().tries()).orElse(0L);
    }

    @Override
    public CompletableFuture<Optional<TeacherAnswer>> find(String key) {
        Optional<TeacherAnswer> cached = Optional.ofNullable(cache.getIfPresent(key));
        Optional<AnswerIndex.Place> place = cached.isPresent() ? Optional.empty() : index.find(key);
        if (place.isEmpty()) {
            return CompletableFuture.completedFuture(cached);
        }
        try {
            return CompletableFuture.supplyAsync(() -> read(place.get()), reader).handle((kept, failure) -> {
                if (failure != null) {
                    throw new InfrastructureException("the answers cannot be read: " + failure.getMessage(), failure);
                }
                kept.ifPresent(answer -> cache.put(key, answer));
                return kept;
            });
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new InfrastructureException("stopping", e));
        }
    }

    private Optional<TeacherAnswer> read(AnswerIndex.Place place) {
        Open now = opened();
        TopicPartition partition = new TopicPartition(now.topic(), place.partition());
        now.consumer().assign(List.of(partition));
        now.consumer().seek(partition, place.offset());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : now.consumer().poll(POLL)) {
                // Compaction may have taken it since; then a later one of the key is known in a moment, or asked again.
                return record.offset() == place.offset() && record.value() != null
                        ? AnswerIndex.answer(record.value()).map(KeptAnswer::answer) : Optional.empty();
            }
            if (now.consumer().position(partition) != place.offset()) {
                return Optional.empty();
            }
        }
        throw new IllegalStateException("no broker answers");
    }

    @Override
    public CompletableFuture<Hold> hold(double most) {
        if (budget.isEmpty()) {
            return CompletableFuture.completedFuture(new Amount(Optional.empty()));
        }
        // What is plain from here is not written down, or requests that wait for the next month would fill the topic.
        if (!index.spending().hasRoom(most, budget.getAsDouble(), Instant.now())) {
            return CompletableFuture.failedFuture(new TeacherException(Fault.BUDGET, spentMessage(most)));
        }
        String id = instance + "/" + UUID.randomUUID();
        CompletableFuture<Boolean> decision = new CompletableFuture<>();
        undecided.put(id, decision);
        Amount amount = new Amount(Optional.of(id));
        String reservation = String.format(Locale.ROOT, "{\"reserved\":%s,\"budget\":%s,\"time\":\"%s\"}",
                most, budget.getAsDouble(), Instant.now());
        opened().writer().writeOnce(AnswerIndex.MONEY + id, reservation).exceptionally(failure -> {
            decision.completeExceptionally(failure);
            return null;
        });
        return decision.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).handle((granted, failure) -> {
            undecided.remove(id);
            if (failure != null) {
                amount.release();
                throw new InfrastructureException("money cannot be set aside: " + failure.getMessage(), failure);
            }
            if (!granted) {
                amount.release();
                throw new TeacherException(Fault.BUDGET, spentMessage(most));
            }
            return amount;
        });
    }

    private String spentMessage(double most) {
        return String.format(Locale.ROOT, "the budget of %s a month is spent: %s spent or set aside, and a call may cost %s"
                        + " (metaie.llm.budget)", usd(budget.orElseThrow()), usd(index.spending().total(Instant.now())), usd(most));
    }

    private void decided(String id, boolean granted) {
        Optional.ofNullable(undecided.get(id)).ifPresent(
                decision -> opened().writer().then(() -> decision.complete(granted)));
    }

    /** Money set aside under an id, or, where there is no budget, none. */
    private final class Amount implements Hold {

        private final Optional<String> id;

        Amount(Optional<String> id) {
            this.id = id;
        }

        @Override
        public CompletableFuture<Void> answered(Question question, TeacherAnswer answer, double cost) {
            KeptAnswer kept = new KeptAnswer(model, question.sentence(), answer, cost, Instant.now());
            // Released behind the answer: in between both count, never neither.
            return opened().writer().write(question.key(), Optional.of(kept.toJson())).handle((written, failure) -> {
                if (failure != null && !(BookedTeacher.cause(failure).getCause() instanceof RecordTooLargeException)) {
                    throw new CompletionException(failure);
                }
                cache.put(question.key(), answer);
                if (failure == null) {
                    release();
                } else {
                    LOG.warnf("An answer is not kept, since its topic does not take it: %s", failure.getMessage());
                    lost(cost);
                }
                return null;
            });
        }

        @Override
        public void lost(double cost) {
            String spent = String.format(Locale.ROOT, "{\"spent\":%s,\"time\":\"%s\"}", cost, Instant.now());
            opened().writer().write(AnswerIndex.MONEY + id.orElseGet(() -> instance + "/" + UUID.randomUUID()), Optional.of(spent));
        }

        @Override
        public void release() {
            id.ifPresent(held -> opened().writer().write(AnswerIndex.MONEY + held, Optional.empty()));
        }
    }

    private synchronized Open opened() {
        return open.orElseThrow(() -> new IllegalStateException("the answers are not open"));
    }

    private static String usd(double amount) {
        return String.format(Locale.ROOT, "%.4f USD", amount);
    }

    @Override
    public void close() {
        reader.shutdown();
        try {
            reader.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Outside the lock: what writer and follower still run asks for what is open.
        Optional<Open> all;
        synchronized (this) {
            all = open;
        }
        all.ifPresent(opened -> {
            opened.writer().close();
            opened.follower().close();
            opened.consumer().close();
        });
        synchronized (this) {
            open = Optional.empty();
        }
    }
}
