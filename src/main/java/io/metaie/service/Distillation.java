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
import io.metaie.record.RecordProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** What the lanes of distillation do: they have texts labelled by a teacher, if one is configured. */
@Singleton
@Identifier(LaneWork.DISTILLATION)
class Distillation implements LaneWork, TeacherObserver {

    private static final Logger LOG = Logger.getLogger(Distillation.class);

    private final TeacherMetrics metrics;
    private final LongAdder calls = new LongAdder();
    private final int maxBytes;
    private final Optional<Parts> parts;

    private record Parts(AnswerLog answers, OpenTeacher teacher) {}

    Distillation(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, Vertx vertx, MeterRegistry registry) {
        this.metrics = new TeacherMetrics(registry);
        this.maxBytes = config.document().maxBytes();
        Optional<URI> baseUrl = config.llm().baseUrl();
        if (!config.roles().contains(Role.DISTILL) || baseUrl.isEmpty()) {
            LOG.infof("No texts are given to a teacher here: %s",
                    baseUrl.isEmpty() ? "metaie.llm.base-url is not set" : "metaie.roles does not name distill");
            this.parts = Optional.empty();
            return;
        }
        TeacherSettings settings = settings(config, baseUrl.get());
        AnswerLog answers = new AnswerLog(
                clients, topicSetup, settings.endpoint().model(), settings.budget(), InstanceName.of(config));
        settings.budget().ifPresent(budget -> TeacherMetrics.budget(registry, budget, answers::spentThisMonth));
        this.parts = Optional.of(new Parts(answers,
                new OpenTeacher(vertx, settings, answers, this, Patience.ofRetries(settings.retries()))));
        LOG.infof("The teacher is %s at %s, %d calls at once", settings.endpoint().model(), baseUrl.get(),
                settings.endpoint().connections());
    }

    private static TeacherSettings settings(MetaieConfig config, URI baseUrl) {
        try {
            return TeacherSettings.of(config.llm(), config.distillation(), baseUrl, config.llm().budget());
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
        return lane -> new RequestProcessor(parts.orElseThrow().teacher().distiller(), metrics, maxBytes);
    }

    @Override
    public Progress progress() {
        return calls::sum;
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

    @PreDestroy
    void close() {
        parts.ifPresent(all -> {
            all.teacher().close();
            all.answers().close();
        });
    }
}
