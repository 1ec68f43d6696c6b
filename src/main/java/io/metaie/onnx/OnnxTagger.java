package io.metaie.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tagger;
import io.metaie.tagging.TaggerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A tagger that runs the {@linkplain RobertaGraph#adaptable adaptable graph} in ONNX Runtime: one session for the
 * meta-model and every adapter. Each run computes on the thread that calls it, so that as many threads as cores give the
 * most.
 */
public final class OnnxTagger implements Tagger {

    /** How many workspaces are kept for the next batches. */
    private static final int KEPT_WORKSPACES = 16;

    private final RobertaConfig config;
    private final Device device;
    private final Precision precision;
    private final Layout layout;
    /** Answers for the meta-model itself. */
    private final RunSession session;
    /** Answers for adapters; for the meta-model, too, where its graph costs no more. */
    private final RunSession adapted;
    private final AdapterCache adapters;

    private final ArrayBlockingQueue<Workspace> workspaces = new ArrayBlockingQueue<>(KEPT_WORKSPACES);
    /** Held for reading by runs, for writing by {@link #close}, which frees what they use. */
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    OnnxTagger(RobertaConfig config, Device device, Precision precision, Layout layout, RunSession session,
            RunSession adapted, AdapterCache adapters) {
        this.config = config;
        this.device = device;
        this.precision = precision;
        this.layout = layout;
        this.session = session;
        this.adapted = adapted;
        this.adapters = adapters;
    }

    /**
     * A tagger on the processor, in 32-bit floats. One session answers for all: without an adapter its graph costs 2 to
     * 5 % more than one that takes none, and the weights are in memory once.
     *
     * @param adapterBytes how much memory adapters may take when nobody uses them
     */
    static OnnxTagger onCpu(Checkpoint checkpoint, long adapterBytes) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        AdapterCache adapters = new AdapterCache(environment, checkpoint, adapterBytes);
        RunSession session = new GraphSession(environment, RobertaGraph.adaptable(checkpoint));
        return new OnnxTagger(
                checkpoint.config(), new Device.Cpu(), Precision.FP32, Layout.RAGGED, session, session, adapters);
    }

    /** A tagger on the processor, in 8-bit integers. */
    static OnnxTagger inIntegers(Int8Weights weights, ActivationRanges ranges, long adapterBytes) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        return new OnnxTagger(weights.checkpoint().config(), new Device.Cpu(), Precision.INT8, Layout.RAGGED,
                new GraphSession(environment, RobertaGraph.int8(weights, ranges, false)),
                new GraphSession(environment, RobertaGraph.int8(weights, ranges, true)),
                new AdapterCache(environment, weights.checkpoint(), adapterBytes));
    }

    /**
     * A tagger on a GPU.
     *
     * @param precision {@code fp16} or {@code fp32}
     * @param memory how much adapters, and all of it on the GPU, may take
     * @param sessions opens them, or awaits the GPU
     */
    static OnnxTagger onCuda(Checkpoint checkpoint, Device.Cuda device, Precision precision, Taggers.Memory memory,
            CudaSessions sessions) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Sessions.Provider provider = Sessions.cuda(device, memory.cuda() / 2);
        Graph base = RobertaGraph.packed(checkpoint, precision, false);
        Graph adaptable = RobertaGraph.packed(checkpoint, precision, true);
        AdapterCache adapters = new AdapterCache(environment, checkpoint, memory.adapters());
        RunSession session = sessions.of(device.toString(), () -> new GraphSession(environment, base, provider));
        try {
            RunSession adapted = sessions.of(device.toString(), () -> new GraphSession(environment, adaptable, provider));
            return new OnnxTagger(checkpoint.config(), device, precision, Layout.PACKED, session, adapted, adapters);
        } catch (OrtException e) {
            session.close();
            throw e;
        }
    }

    /** How sessions on a GPU come to be: {@link LosableSession#open} or {@link LosableSession#awaited}. */
    interface CudaSessions {

        RunSession of(String device, LosableSession.Opener opener) throws OrtException;
    }

    @Override
    public Optional<String> lost() {
        return session.lost().or(adapted::lost);
    }

    /** The adapters it can be asked for. */
    public AdapterCache adapters() {
        return adapters;
    }

    /** A batch of an adapter that is not {@linkplain #adapters() here} when it runs fails, by no fault of the device. */
    @Override
    public Batch prepare(Adapter adapter, List<Query> queries) {
        return layOut(adapter, queries);
    }

    private OnnxBatch layOut(Adapter adapter, List<Query> queries) {
        Workspace workspace = workspaces.poll();
        return new OnnxBatch(this, adapter, queries, workspace == null ? new Workspace() : workspace);
    }

    /** The {@linkplain #logits(Adapter, List) logits} of the meta-model itself. */
    public float[][] logits(List<Query> queries) throws TaggerException {
        return logits(Adapter.NONE, queries);
    }

    /**
     * The classifier's raw numbers, for comparison with other implementations.
     *
     * @return {@code [words of all queries][3]}, in the order B, I, O
     */
    public float[][] logits(Adapter adapter, List<Query> queries) throws TaggerException {
        List<float[]> rows = new ArrayList<>();
        for (float[] logits : layOut(adapter, queries).logits()) {
            for (int word = 0; word < logits.length; word += 3) {
                rows.add(new float[] {logits[word], logits[word + 1], logits[word + 2]});
            }
        }
        return rows.toArray(float[][]::new);
    }

    @Override
    public String device() {
        return device.toString();
    }

    @Override
    public String precision() {
        return precision.toString();
    }

    RobertaConfig config() {
        return config;
    }

    Layout layout() {
        return layout;
    }

    /** Runs the parts of a batch, one after the other; their logits are in them then. */
    void run(Adapter adapter, List<RunInputs> parts) throws TaggerException {
        open.readLock().lock();
        try {
            if (closed) {
                throw new TaggerException("The tagger has been closed", true, null);
            }
            if (adapter.equals(Adapter.NONE) && session != adapted) {
                for (RunInputs part : parts) {
                    session.run(part, Map.of());
                }
                return;
            }
            try (AdapterCache.Use use = adapters.use(adapter)
                    .orElseThrow(() -> missing(adapter))) {
                for (RunInputs part : parts) {
                    adapted.run(part, use.weights().inputs());
                }
            }
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            open.readLock().unlock();
        }
    }

    /** Takes back the memory of a batch that has run. */
    void giveBack(Workspace workspace) {
        workspaces.offer(workspace);
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                adapted.close();
                if (session != adapted) {
                    session.close();
                }
                adapters.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not close its session", e);
        } finally {
            open.writeLock().unlock();
        }
    }

    private static TaggerException missing(Adapter adapter) {
        AdapterMissingException cause = new AdapterMissingException(adapter);
        return new TaggerException(cause.getMessage(), false, cause);
    }

    private static TaggerException failure(OrtException e) {
        return new TaggerException("ONNX Runtime failed: " + e.getMessage(), DeviceFailures.isOne(e), e);
    }
}
