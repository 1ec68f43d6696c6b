package io.metaie.onnx;

import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tagger;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.Tags;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Some queries laid out for the {@linkplain OnnxTagger tagger}, in one part or more. */
final class OnnxBatch implements Tagger.Batch {

    private final OnnxTagger tagger;
    private final Adapter adapter;
    private final List<Query> queries;
    private final Workspace workspace;
    /** The queries' numbers, longest query first. */
    private final int[] order;
    private final List<RunInputs> parts = new ArrayList<>();
    private final AtomicBoolean ran = new AtomicBoolean();

    OnnxBatch(OnnxTagger tagger, Adapter adapter, List<Query> queries, Workspace workspace) {
        this.tagger = tagger;
        this.adapter = adapter;
        this.queries = List.copyOf(queries);
        this.workspace = workspace;
        order = IntStream.range(0, queries.size())
                .filter(i -> queries.get(i).firsts().length > 0)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -queries.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        List<List<Query>> cut = cut();
        long bytes = cut.stream().mapToLong(part -> tagger.layout().bytes(part, tagger.config())).sum();
        workspace.reset(bytes, cut.size() * tagger.layout().pieces());
        cut.forEach(part -> parts.add(tagger.layout().of(part, tagger.config(), workspace)));
    }

    private List<List<Query>> cut() {
        List<List<Query>> cut = new ArrayList<>();
        List<Query> part = new ArrayList<>();
        for (int i : order) {
            if (!part.isEmpty()) {
                long longest = part.get(0).length();
                if (tagger.config().heads() * (part.size() + 1) * longest * longest > tagger.layout().mostScores()) {
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
        float[][] logits = new float[queries.size()][0];
        try {
            tagger.run(adapter, parts);
            int next = 0;
            for (RunInputs part : parts) {
                FloatBuffer output = part.logits();
                for (int i = 0; i < part.sequences(); i++, next++) {
                    float[] rows = new float[3 * queries.get(order[next]).firsts().length];
                    output.get(rows);
                    logits[order[next]] = rows;
                }
            }
        } finally {
            tagger.giveBack(workspace);
        }
        return List.of(logits);
    }

    @Override
    public int tokens() {
        return parts.stream().mapToInt(RunInputs::tokenCount).sum();
    }

    /** Empty slots of the attention; nothing else is padded. */
    @Override
    public int padding() {
        return parts.stream()
                .mapToInt(part -> part.sequences() * part.longest() - part.tokenCount())
                .sum();
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
}
