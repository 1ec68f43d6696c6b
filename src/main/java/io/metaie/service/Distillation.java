package io.metaie.service;

import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.distillation.RequestProcessor;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.answers.AnswerLog;
import io.metaie.distillation.http.OpenTeacher;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.metaie.distillation.http.TeacherSettings;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.lane.LaneWork;
import io.metaie.lane.Progress;
import io.metaie.metrics.TeacherMetrics;
import io.metaie.record.Outcome;
import io.metaie.record.RecordProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** What the lanes of distillation do: they have texts labelled by a teacher, if one is configured. */
@Singleton
@Identifier(LaneWork.DISTILLATION)
class Distillation implements LaneWork, TeacherObserver {

    private static final Logger LOG = Logger.getLogger(Distillation.class);

    /** How long answers that are under way are waited for; less than orchestrators wait before they kill. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final TeacherMetrics metrics;
    private final LongAdder calls = new LongAdder();
    private final int maxBytes;
    private final int maxSentences;
    private final Duration timeout;
    private final Optional<Parts> parts;

    private record Parts(AnswerLog answers, OpenTeacher teacher) {}

    Distillation(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, Vertx vertx, MeterRegistry registry, Config all) {
        this.metrics = new TeacherMetrics(registry);
        this.maxBytes = config.document().maxBytes();
        this.maxSentences = config.distillation().maxSentences();
        this.timeout = config.llm().timeout();
        Optional<String> baseUrl = config.llm().baseUrl();
        if (!config.roles().contains(Role.DISTILL) || baseUrl.isEmpty()) {
            LOG.infof("No texts are given to a teacher here: %s",
                    baseUrl.isEmpty() ? "metaie.llm.base-url is not set" : "metaie.roles does not name distill");
            this.parts = Optional.empty();
            return;
        }
        TeacherSettings settings = settings(config, baseUrl.get(), all);
        AnswerLog answers = new AnswerLog(
                clients, topicSetup, settings.endpoint().model(), settings.budget(), InstanceName.of(config));
        settings.budget().ifPresent(budget -> TeacherMetrics.budget(registry, budget, answers::spentThisMonth));
        this.parts = Optional.of(new Parts(answers,
                new OpenTeacher(vertx, settings, answers, this, Patience.ofRetries(settings.retries()))));
        LOG.infof("The teacher is %s at %s, %d calls at once", settings.endpoint().model(), settings.endpoint().baseUrl(),
                settings.endpoint().connections());
    }

    private static TeacherSettings settings(MetaieConfig config, String baseUrl, Config all) {
        try {
            return TeacherSettings.of(config.llm(), config.distillation(), baseUrl, config.llm().budget(), all);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isOn() {
        return parts.isPresent();
    }

    @Override
    public RecordProcessor.Factory processors() {
        return lane -> new RequestProcessor(parts.orElseThrow().teacher().distiller(), maxBytes, maxSentences);
    }

    @Override
    public Progress progress() {
        // Answers that cannot be written hold their questions up for as long as the brokers are away: nothing is lost here.
        return () -> calls.sum() + parts.map(all -> all.answers().tries()).orElse(0L);
    }

    @Override
    public Duration patience() {
        return OpenTeacher.longestSilence(timeout);
    }

    @Override
    public void committed(Outcome.Single outcome) {
        metrics.pairs(outcome.tally());
    }

    @Override
    public void awaitState() throws InterruptedException, TopicSetupException {
        parts.orElseThrow().answers().open();
    }

    @Override
    public void answered(boolean refused) {
        calls.increment();
        metrics.answered(refused);
    }

    @Override
    public void failed(Fault fault) {
        calls.increment();
        metrics.failed(fault);
    }

    @Override
    public void paid(long promptTokens, long completionTokens, double cost) {
        metrics.paid(promptTokens, completionTokens, cost);
    }

    // Behind the lanes, which let go of their records, and before anything is stopped that calls and answers need.
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 1) ShutdownEvent event) throws InterruptedException {
        if (parts.isPresent()) {
            try {
                // A call that is cut off is paid for and brings nothing.
                parts.get().teacher().stop().get(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.warnf("Calls to the teacher are cut off that take longer than %d s; the next start makes them again",
                        STOP_GRACE.toSeconds());
            }
        }
    }

    @PreDestroy
    void close() {
        parts.ifPresent(all -> {
            all.teacher().close();
            all.answers().close();
        });
    }
}
