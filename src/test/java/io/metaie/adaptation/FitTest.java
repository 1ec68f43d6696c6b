package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.tagging.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FitTest {

    private static final int STEPS = 25;

    /** 40 rows are batches of 16, 16 and 8, so that parts end inside epochs. */
    @Test
    void inPartsItIsTheSameAsInOne() throws Exception {
        List<String> whole = new ArrayList<>();
        FakeLearner one = new FakeLearner(false, step -> 1.0 / step);
        fit().run(one, listener(whole));

        List<String> parts = new ArrayList<>();
        FakeLearner other = new FakeLearner(false, step -> 1.0 / step);
        Fit fit = fit();
        for (int until : List.of(4, 4, 13, 24, STEPS)) {
            fit.advance(other, until, listener(parts));
            assertEquals(until, fit.taken());
        }
        assertEquals(one.rates, other.rates);
        assertEquals(one.seen, other.seen);
        assertEquals(whole, parts);
        assertEquals(9, whole.stream().filter(heard -> heard.startsWith("epoch")).count());
    }

    private static Fit fit() {
        return new Fit(IntStream.range(0, 40)
                .mapToObj(i -> new TrainingRow(new Query(new int[] {0, i, 1}, new int[] {1}), new byte[1]))
                .toList(), STEPS, 1, 7);
    }

    private static Fit.Listener listener(List<String> heard) {
        return new Fit.Listener() {
            @Override
            public void epochDone(double loss) {
                heard.add("epoch " + loss);
            }

            @Override
            public void stepBegins() {
                heard.add("step");
            }
        };
    }
}
