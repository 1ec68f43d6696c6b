package io.metaie.distillation.answers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.KeptAnswer;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.distillation.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The topic of the answers as every instance reads it. */
class AnswerIndexTest {

    private static final String NOW = "2026-01-31T23:59:59Z";
    private static final String NEXT_MONTH = "2026-02-01T00:00:00Z";

    private final Map<String, Boolean> decisions = new LinkedHashMap<>();
    private final AnswerIndex index = new AnswerIndex(decisions::put);
    private long offset;

    @Test
    void moneyIsSetAsideInTheTopicsOrderAndReleasedBehindTheAnswer() {
        reserve("a", 4, 10, NOW);
        reserve("b", 4, 10, NOW);
        reserve("c", 4, 10, NOW);
        assertEquals(Map.of("a", true, "b", true, "c", false), decisions);
        answer("Ada.", 1, NOW);
        assertEquals(9, total(NOW), 1e-9, "both count until the amount is released");
        apply("money/a", Optional.empty());
        assertEquals(5, total(NOW), 1e-9);
        reserve("d", 4, 10, NOW);
        assertEquals(true, decisions.get("d"));
        apply("money/b", Optional.of("{\"spent\":3,\"time\":\"" + NOW + "\"}"));
        assertEquals(8, total(NOW), 1e-9);
        assertEquals(4, index.spending().spent(Instant.parse(NOW)), 1e-9);
        assertEquals(0, total(NEXT_MONTH), "a month is no other");
        reserve("e", 9, 10, NEXT_MONTH);
        assertEquals(true, decisions.get("e"));
    }

    @Test
    void answersAreFoundWhereTheyStandLast() {
        answer("Ada.", 1, NOW);
        answer("Bob.", 1, NOW);
        answer("Ada.", 1, NOW);
        assertEquals(Optional.of(new AnswerIndex.Place(0, 2)), index.find(Template.hash("Ada.")));
        assertEquals(Optional.of(new AnswerIndex.Place(0, 1)), index.find(Template.hash("Bob.")));
        assertEquals(3, total(NOW), 1e-9, "an answer that was paid for twice counts twice");
        apply(Template.hash("Ada."), Optional.empty());
        assertEquals(Optional.empty(), index.find(Template.hash("Ada.")));
    }

    @Test
    void whatCannotBeReadIsPassedOverAndARecordCountsOnce() {
        apply("no hash", Optional.of("{}"));
        apply(Template.hash("Ada."), Optional.of("no JSON"));
        apply("money/x", Optional.of("{\"reserved\":1}"));
        apply("money/y", Optional.of("[]"));
        apply("", Optional.empty());
        answer("Ada.", 1, NOW);
        offset--;
        answer("Ada.", 1, NOW);
        assertEquals(1, total(NOW), 1e-9);
        assertEquals(1, index.size());
    }

    /** An entry of a ledger: who sets how much aside, or what becomes of an amount set aside before. */
    record Entry(int id, int kind, int cents) {}

    @Property
    void whoReadsTheSameDecidesTheSameAndNothingExceedsTheBudget(@ForAll("entries") List<Entry> entries) {
        new AnswerIndexTest().replayed(entries);
    }

    private void replayed(List<Entry> entries) {
        Map<String, Boolean> others = new LinkedHashMap<>();
        AnswerIndex other = new AnswerIndex(others::put);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<Integer, Integer> open = new LinkedHashMap<>();
        int next = 0;
        for (Entry entry : entries) {
            if (entry.kind() == 0 || open.isEmpty()) {
                records.add(record("money/" + next, Optional.of(reservation(entry.cents() / 100.0, 1, NOW))));
                index.apply(records.get(records.size() - 1));
                if (decisions.get(String.valueOf(next))) {
                    open.put(next, entry.cents());
                }
                next++;
            } else {
                // Only what was granted is called, and costs no more than was set aside.
                Integer id = open.keySet().iterator().next();
                double cost = open.remove(id) * (entry.cents() % 101) / 100.0 / 100.0;
                records.add(entry.kind() == 1
                        ? record("money/" + id, Optional.of("{\"spent\":" + cost + ",\"time\":\"" + NOW + "\"}"))
                        : record("money/" + id, Optional.empty()));
                index.apply(records.get(records.size() - 1));
            }
            assertTrue(total(NOW) <= 1 + 1e-6, "spent or set aside: " + total(NOW));
        }
        records.forEach(other::apply);
        assertEquals(decisions, others);
        assertEquals(total(NOW), other.spending().total(Instant.parse(NOW)), 1e-9);
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(1, 60)).as(Entry::new).list().ofMaxSize(60);
    }

    private double total(String time) {
        return index.spending().total(Instant.parse(time));
    }

    private void reserve(String id, double amount, double budget, String time) {
        apply("money/" + id, Optional.of(reservation(amount, budget, time)));
    }

    private static String reservation(double amount, double budget, String time) {
        return "{\"reserved\":" + amount + ",\"budget\":" + budget + ",\"time\":\"" + time + "\"}";
    }

    private void answer(String sentence, double cost, String time) {
        TeacherAnswer answer = new TeacherAnswer("None", TeacherAnswer.Ending.COMPLETE, Optional.empty(), TeacherAnswer.Usage.UNKNOWN);
        apply(Template.hash(sentence), Optional.of(new KeptAnswer("m", sentence, answer, cost, Instant.parse(time)).toJson()));
    }

    private void apply(String key, Optional<String> value) {
        index.apply(record(key, value));
    }

    private ConsumerRecord<byte[], byte[]> record(String key, Optional<String> value) {
        return new ConsumerRecord<>("answers", 0, offset++, key.getBytes(UTF_8), value.map(v -> v.getBytes(UTF_8)).orElse(null));
    }
}
