package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tagger;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.Tags;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * A tagger that runs the {@linkplain RobertaGraph ragged graph} in ONNX Runtime. Each run computes on the thread that
 * calls it, so that as many threads as cores give the most.
 */
public final class OnnxTagger implements Tagger {

    /**
     * The most attention scores, {@code A · B · S²}, that one run may hold at a time; a batch that has more is run in
     * parts. It bounds memory when one long query stands among many short ones, and the scores of a part stay in cache.
     */
    private static final long MOST_SCORES = 4L << 20;

    /** How many workspaces are kept for the next batches. */
    private static final int KEPT_WORKSPACES = 16;

    private final RobertaConfig config;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    /** The weights' memory, which the session goes on reading. */
    private final Graph graph;

    private final ArrayBlockingQueue<Workspace> workspaces = new ArrayBlockingQueue<>(KEPT_WORKSPACES);
    /** Held for reading by runs, for writing by {@link #close}, which frees what they use. */
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxTagger(Checkpoint checkpoint) throws OrtException {
        config = checkpoint.config();
        graph = RobertaGraph.ragged(checkpoint);
        session = Sessions.open(environment, graph);
    }

    /** A tagger on the processor, in 32-bit floats. */
    static OnnxTagger onCpu(Checkpoint checkpoint) throws OrtException {
        return new OnnxTagger(checkpoint);
    }

    @Override
    public Batch prepare(Adapter adapter, List<Query> queries) {
        if (!adapter.equals(Adapter.NONE)) {
            throw new IllegalArgumentException("There is no adapter " + adapter + " in this tagger");
        }
        Workspace workspace = workspaces.poll();
        return new OnnxBatch(queries, workspace == null ? new Workspace() : workspace);
    }

    /**
     * The classifier's raw numbers, for comparison with other implementations.
     *
     * @return {@code [words of all queries][3]}, in the order B, I, O
     */
    public float[][] logits(List<Query> queries) throws TaggerException {
        List<float[]> rows = new ArrayList<>();
        OnnxBatch batch = (OnnxBatch) prepare(Adapter.NONE, queries);
        for (float[] logits : batch.logits()) {
            for (int word = 0; word < logits.length; word += 3) {
                rows.add(new float[] {logits[word], logits[word + 1], logits[word + 2]});
            }
        }
        return rows.toArray(float[][]::new);
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public String precision() {
        return "fp32";
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not close its session", e);
        } finally {
            open.writeLock().unlock();
        }
    }

    /** Runs the graph once; its output is in the inputs' {@link RaggedInputs#logits()} then. */
    private void run(RaggedInputs in) throws OrtException {
        int heads = config.heads();
        try (OnnxTensor tokens = tensor(in.tokens(), in.tokenCount());
                OnnxTensor positions = tensor(in.positions(), in.tokenCount());
                OnnxTensor headRows = tensor(in.heads(), in.sequences(), heads, in.longest());
                OnnxTensor mask = tensor(in.mask(), in.sequences(), 1, 1, in.longest());
                OnnxTensor slots = tensor(in.slots(), in.tokenCount(), heads);
                OnnxTensor words = tensor(in.words(), in.wordCount());
                OnnxTensor wordSlots = tensor(in.wordSlots(), in.wordCount(), heads);
                OnnxTensor logits = tensor(in.logits(), in.wordCount(), 3)) {
            Map<String, OnnxTensor> inputs = Map.of(
                    "tokens", tokens,
                    "positions", positions,
                    "heads", headRows,
                    "mask", mask,
                    "slots", slots,
                    "words", words,
                    "wordSlots", wordSlots);
            session.run(inputs, Map.of("logits", logits)).close();
        }
    }

    private OnnxTensor tensor(IntBuffer data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, shape);
    }

    private OnnxTensor tensor(FloatBuffer data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, shape);
    }

    /** Some queries laid out, in one part or more. */
    private final class OnnxBatch implements Batch {

        private final List<Query> queries;
        private final Workspace workspace;
        /** The queries' numbers, longest query first. */
        private final int[] order;
        private final List<RaggedInputs> parts = new ArrayList<>();
        private final AtomicBoolean ran = new AtomicBoolean();

        OnnxBatch(List<Query> queries, Workspace workspace) {
            this.queries = List.copyOf(queries);
            this.workspace = workspace;
            order = IntStream.range(0, queries.size())
                    .filter(i -> queries.get(i).firsts().length > 0)
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> -queries.get(i).length()))
                    .mapToInt(Integer::intValue)
                    .toArray();
            List<List<Query>> cut = cut();
            long bytes = cut.stream().mapToLong(part -> RaggedInputs.bytes(part, config)).sum();
            workspace.reset(bytes, cut.size() * RaggedInputs.PIECES);
            cut.forEach(part -> parts.add(RaggedInputs.of(part, config, workspace)));
        }

        private List<List<Query>> cut() {
            List<List<Query>> cut = new ArrayList<>();
            List<Query> part = new ArrayList<>();
            for (int i : order) {
                if (!part.isEmpty()) {
                    long longest = part.get(0).length();
                    if (config.heads() * (part.size() + 1) * longest * longest > MOST_SCORES) {
                        cut.add(part);
                        part = new ArrayList<>();
                    }
                }
                part.add(queries.get(i));
            }
            if (!part.isEmpty()) {
                cut.add(part);
            }
            return cut;
        }

        @Override
        public List<Tags> run() throws TaggerException {
            List<Tags> answers = new ArrayList<>(queries.size());
            for (float[] logits : logits()) {
                answers.add(tags(logits));
            }
            return answers;
        }

        /** The logits of each query, {@code [words · 3]}, in the queries' order. */
        List<float[]> logits() throws TaggerException {
            if (ran.getAndSet(true)) {
                throw new IllegalStateException("A batch runs once: its memory may be another batch's by now");
            }
            float[][] logits = new float[queries.size()][];
            open.readLock().lock();
            try {
                if (closed) {
                    throw new TaggerException("The tagger has been closed", true, null);
                }
                int next = 0;
                for (RaggedInputs part : parts) {
                    OnnxTagger.this.run(part);
                    FloatBuffer output = part.logits();
                    for (int i = 0; i < part.sequences(); i++, next++) {
                        float[] rows = new float[3 * queries.get(order[next]).firsts().length];
                        output.get(rows);
                        logits[order[next]] = rows;
                    }
                }
            } catch (OrtException e) {
                throw failure(e);
            } finally {
                open.readLock().unlock();
                workspaces.offer(workspace);
            }
            for (int i = 0; i < logits.length; i++) {
                if (logits[i] == null) {
                    logits[i] = new float[0];
                }
            }
            return List.of(logits);
        }

        @Override
        public int tokens() {
            return parts.stream().mapToInt(RaggedInputs::tokenCount).sum();
        }

        /** Empty slots of the attention; nothing else is padded. */
        @Override
        public int padding() {
            return parts.stream()
                    .mapToInt(part -> part.sequences() * part.longest() - part.tokenCount())
                    .sum();
        }
    }

    /** The most probable tag of each word and its probability, from its three logits. */
    private static Tags tags(float[] logits) {
        int words = logits.length / 3;
        byte[] tags = new byte[words];
        float[] probabilities = new float[words];
        for (int word = 0; word < words; word++) {
            int row = 3 * word;
            int best = row;
            for (int i = row + 1; i < row + 3; i++) {
                if (logits[i] > logits[best]) {
                    best = i;
                }
            }
            double sum = 0;
            for (int i = row; i < row + 3; i++) {
                sum += Math.exp(logits[i] - logits[best]);
            }
            tags[word] = (byte) (best - row);
            probabilities[word] = (float) (1 / sum);
        }
        return new Tags(tags, probabilities);
    }

    private static TaggerException failure(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean infrastructure = message.contains("alloc") || message.contains("memory") || message.contains("cuda")
                || message.contains("cudnn") || message.contains("cublas");
        return new TaggerException("ONNX Runtime failed: " + e.getMessage(), infrastructure, e);
    }
}
