package io.metaie.load;

import io.metaie.config.Settings;
import io.metaie.engine.Engine;
import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Source;
import java.util.List;

/** The zero-shot table of the bundled model beside the figures of the reference implementation. */
public final class ZeroShot {

    /** F1 of PyTorch and transformers on the same weights, in percent: fp32, arg-max, the first 500 sentences. */
    private record Reference(String set, double f1) {}

    private static final List<Reference> REFERENCES = List.of(
            new Reference("bc5cdr", 56.69),
            new Reference("crossner_ai", 35.52),
            new Reference("jnlpba", 27.86),
            new Reference("phee", 11.59),
            new Reference("propbank_ewt", 83.86),
            new Reference("wnut17", 34.93));

    private ZeroShot() {}

    public static void main(String... args) throws Exception {
        System.out.println(Machine.describe());
        try (Engine engine = Engine.open(Settings.metaie(Settings.load()), Engine.Observers.NONE)) {
            System.out.printf("%s on %s in %s, the first %d sentences of each test file, every label asked:%n%n",
                    engine.model(), engine.tagger().device(), engine.tagger().precision(), EvaluationSets.LIMIT);
            System.out.println("| file | gold spans | precision | recall | F1 | reference F1 | difference | sentences/s |\n"
                    + "| --- | --- | --- | --- | --- | --- | --- | --- |");
            for (Reference reference : REFERENCES) {
                List<Example> examples = EvaluationSets.read(reference.set());
                long start = System.nanoTime();
                Scores scores = new Evaluator(
                                engine.encoder(), engine.batcher(), new Source("zero-shot", false), Adapter.NONE, Selection.ALL)
                        .evaluate(examples.iterator(), done -> {});
                double seconds = (System.nanoTime() - start) / 1e9;
                Score micro = scores.micro();
                System.out.printf("| %s.test | %,d | %.2f | %.2f | %.2f | %.2f | %+.2f | %.0f |%n", reference.set(),
                        micro.support(), 100 * micro.precision(), 100 * micro.recall(), 100 * micro.f1(), reference.f1(),
                        100 * micro.f1() - reference.f1(), examples.size() / seconds);
            }
        }
    }
}
