package io.metaie.service;

import io.metaie.adapter.AdapterStore;
import io.metaie.adapter.ServedAdapters;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.config.DefaultTaskConfig;
import io.metaie.config.DistillationConfig;
import io.metaie.config.DistillationConfig.By;
import io.metaie.config.MetaieConfig;
import io.metaie.distillation.Sampler;
import io.metaie.distillation.sampling.SampledRequests;
import io.metaie.control.AdapterReports;
import io.metaie.control.ControlMetrics;
import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.ExtractionProcessor;
import io.metaie.extraction.LabelsJson;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.TopicSetup;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.lane.CountedBatches;
import io.metaie.metrics.TaggingMetrics;
import io.metaie.onnx.DeviceException;
import io.metaie.record.RecordProcessor;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Source;
import io.metaie.task.ConfiguredTasks;
import io.metaie.task.TaskDefinition;
import io.metaie.task.TaskObserver;
import io.metaie.task.TaskRegistry;
import io.metaie.task.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;

/** The service's parts, put together from the settings. */
@ApplicationScoped
class Components {

    @Produces
    @Singleton
    AdapterStore adapterStore(KafkaClients clients) {
        return new AdapterStore(clients);
    }

    // The tagger's memory comes with the engine, which is opened when it is first needed.
    @Produces
    @Singleton
    ServedAdapters adapters(AdapterStore store, Provider<Engine> engine) {
        return new ServedAdapters(() -> engine.get().adapters(), store);
    }

    void close(@Disposes ServedAdapters adapters) {
        adapters.close();
    }

    @Produces
    @Singleton
    TaskRegistry tasks(MetaieConfig config, ServedAdapters adapters, ControlMetrics metrics,
            AdapterReports reports) {
        DefaultTaskConfig task = config.defaultTask();
        return new TaskRegistry(new ConfiguredTasks(task.labels().map(Components::labels).filter(labels -> !labels.isEmpty())
                .map(labels -> new TaskDefinition(
                        task.name(), labels, task.threshold(), task.exclusive(), Adapter.NONE))), adapters, TaskObserver.both(metrics, reports));
    }

    private static LabelSet labels(String configured) {
        try {
            return LabelsJson.parse(configured);
        } catch (RejectedDocumentException e) {
            throw new ConfigurationException("metaie.default-task.labels: " + e.getMessage(), e);
        }
    }

    @Produces
    @Singleton
    TaggingMetrics metrics(MeterRegistry registry, Tasks tasks) {
        LabelSet labels = tasks.defaultTask().map(TaskDefinition::labels).orElseGet(() -> LabelSet.of(List.of()));
        return new TaggingMetrics(registry, labels.labels().stream().map(Label::name).distinct().toList());
    }

    @Produces
    @Singleton
    CountedBatches progress(TaggingMetrics metrics) {
        return new CountedBatches(metrics);
    }

    @Produces
    @Singleton
    Engine engine(MetaieConfig config, TaggingMetrics metrics, CountedBatches progress, MeterRegistry registry,
            ServedAdapters adapters, SampledRequests samples)
            throws CheckpointException, DeviceException {
        Engine engine = open(
                config, new Engine.Observers(progress, ExtractionObserver.both(
                        ExtractionObserver.both(metrics, samples), new FollowedDocuments())), adapters);
        TaggingMetrics.device(registry, engine.tagger().device(), engine.tagger().precision());
        TaggingMetrics.queue(registry, engine.batcher()::waitingTokens);
        return engine;
    }

    @Produces
    @Singleton
    SampledRequests samples(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup) {
        DistillationConfig.Sample sample = config.distillation().sample();
        try {
            return new SampledRequests(clients, topicSetup, new Sampler(sample.rate(), sample.by() == By.UNCERTAINTY,
                    sample.perHour(), new SplittableRandom(), Clock.systemUTC()));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    void close(@Disposes SampledRequests samples) {
        samples.close();
    }

    private static Engine open(MetaieConfig config, Engine.Observers observers, ServedAdapters adapters)
            throws CheckpointException, DeviceException {
        try {
            return Engine.serving(config, observers, cache -> adapters);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    void close(@Disposes Engine engine) {
        engine.close();
    }

    @Produces
    @Singleton
    MicroBatcher batcher(Engine engine) {
        return engine.batcher();
    }

    @Produces
    @Singleton
    DocumentReader reader(Tasks tasks, MetaieConfig config) {
        return new DocumentReader(tasks, config.document().maxBytes());
    }

    @Produces
    @Singleton
    RecordProcessor.Factory processors(DocumentReader reader, Engine engine, TaggingMetrics metrics) {
        return lane -> new ExtractionProcessor(reader, engine.extractor(), new Source(lane, false), metrics);
    }
}
