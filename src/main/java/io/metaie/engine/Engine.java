package io.metaie.engine;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.config.BatchConfig;
import io.metaie.config.MetaieConfig;
import io.metaie.extraction.Admission;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.Extractor;
import io.metaie.onnx.AdapterCache;
import io.metaie.onnx.Device;
import io.metaie.onnx.DeviceException;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Adapters;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Tagger;
import io.metaie.tagging.WordEncoder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A model made ready to extract: checkpoint, tagger, batcher and extractor, put together from the settings. The same
 * for the service and the command line; knows neither Kafka nor Quarkus.
 */
public final class Engine implements AutoCloseable {

    /**
     * Measured: batches of 512 tokens are computed no faster, and an interactive query waits for those that run when it
     * comes.
     */
    private static final int CPU_TOKENS = 256;
    private static final int CPU_WINDOW = 256;
    /** One batch is laid out and copied while the other one is computed. */
    private static final int GPU_WORKERS = 2;
    private static final int GPU_TOKENS = 8_192;
    private static final int GPU_WINDOW = 2_048;

    private final Checkpoint checkpoint;
    private final Vocabulary vocabulary;
    private final OnnxTagger tagger;
    private final String model;
    private final MicroBatcher batcher;
    private final ExecutorService executor;
    private final Extractor extractor;

    private Engine(Checkpoint checkpoint, Vocabulary vocabulary, OnnxTagger tagger, MetaieConfig config,
            Observers observers, Function<AdapterCache, Adapters> adapters) {
        int cores = Runtime.getRuntime().availableProcessors();
        boolean gpu = !tagger.device().equals("cpu");
        BatchConfig batch = config.batch();
        this.checkpoint = checkpoint;
        this.vocabulary = vocabulary;
        this.tagger = tagger;
        this.model = checkpoint.id();
        this.batcher = new MicroBatcher(
                tagger,
                new BatchSettings(
                        batch.workers().orElse(gpu ? GPU_WORKERS : cores),
                        batch.tokens().orElse(gpu ? GPU_TOKENS : CPU_TOKENS),
                        batch.window().orElse(gpu ? GPU_WINDOW : CPU_WINDOW),
                        batch.maxDelay()),
                observers.batches());
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(cores, body -> {
            Thread thread = new Thread(body, "extraction-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.extractor = new Extractor(
                model,
                vocabulary,
                batcher,
                adapters.apply(tagger.adapters()),
                new Admission(batch.admitted()),
                config.document().maxQueries(),
                executor,
                observers.extractions());
    }

    /**
     * Opens the configured model on the configured device.
     *
     * @throws CheckpointException when the checkpoint cannot be run; the message says what to do
     * @throws DeviceException when the device or precision asked for cannot be had
     * @throws IllegalArgumentException when a setting is not of its form
     */
    public static Engine open(MetaieConfig config, Observers observers) throws CheckpointException, DeviceException {
        return open(config, observers, cache -> cache, Taggers::open);
    }

    /**
     * The same for a service: somebody brings adapters to the tagger when they are asked for, and a GPU that is asked for
     * by name and not there is waited for.
     *
     * @param adapters makes it of the tagger's memory
     */
    public static Engine serving(MetaieConfig config, Observers observers, Function<AdapterCache, Adapters> adapters)
            throws CheckpointException, DeviceException {
        return open(config, observers, adapters, Taggers::await);
    }

    /** Opens a tagger. */
    private interface TaggerOpener {

        OnnxTagger open(Checkpoint checkpoint, Device device, Precision precision, Taggers.Memory memory) throws DeviceException;
    }

    private static Engine open(MetaieConfig config, Observers observers, Function<AdapterCache, Adapters> adapters,
            TaggerOpener taggers) throws CheckpointException, DeviceException {
        Device device = Device.parse(config.device());
        Precision precision = Precision.parse(config.precision());
        Checkpoint checkpoint = Checkpoint.open(ModelDirectory.locate(config));
        Vocabulary vocabulary = Vocabulary.open(checkpoint);
        try {
            OnnxTagger tagger = taggers.open(checkpoint, device, precision,
                    new Taggers.Memory(config.adapters().maxBytes(), config.cuda().maxBytes()));
            return new Engine(checkpoint, vocabulary, tagger, config, observers, adapters);
        } catch (DeviceException | RuntimeException e) {
            vocabulary.close();
            throw e;
        }
    }

    /** How answers name the model: {@code <name>@<12 hex digits of its SHA-256>}. */
    public String model() {
        return model;
    }

    /** The model as it was trained. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public Tagger tagger() {
        return tagger;
    }

    /** The adapters that can be asked. */
    public AdapterCache adapters() {
        return tagger.adapters();
    }

    public MicroBatcher batcher() {
        return batcher;
    }

    public WordEncoder encoder() {
        return vocabulary;
    }

    public Extractor extractor() {
        return extractor;
    }

    /** Stops: what waits fails, what runs ends, then the native parts are freed. */
    @Override
    public void close() {
        batcher.close();
        executor.shutdown();
        try {
            // Steps in work may still read the vocabulary.
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tagger.close();
        vocabulary.close();
    }

    /** Who hears of the work. */
    public record Observers(BatchObserver batches, ExtractionObserver extractions) {

        /** Nobody. */
        public static final Observers NONE = new Observers(BatchObserver.NONE, ExtractionObserver.NONE);
    }
}
