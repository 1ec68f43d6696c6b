package io.metaie.distillation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.evaluation.Example;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskExamplesTest {

    private static final LabelSet TASK = LabelSet.of(
            List.of(Label.named("Person"), Label.named("City"), Label.of("works for", "Person")));

    private long now;

    @Test
    void picksSentencesWithTheTasksLabelsAndAsksOnlyThose() {
        TaskExamples examples = new TaskExamples(TASK, Map.of(), 10);
        add(examples, "Ada left Rome.", "Person 0 3", "Verb 4 8");
        add(examples, "Bob left Rome.", "Verb 4 8");
        add(examples, "Nothing.", new String[0]);
        add(examples, "Ada works for Bob.", "works for 14 17");
        examples.add("{\"text\":1}".getBytes(UTF_8), 1);
        examples.add("no JSON".getBytes(UTF_8), 2);
        assertEquals(List.of("Ada left Rome.: [Person] Person=Ada"), described(examples));
        assertEquals(2, examples.unreadable());
    }

    @Test
    void mapsTheTeachersLabels() {
        Map<String, String> mapping = Map.of("human", "Person", " Place  name", "City", "Person", "Person");
        TaskExamples examples = new TaskExamples(TASK, mapping, 10);
        add(examples, "Ada met Bob in Rome.", "human 0 3", "Person 8 11", "Place name 15 19", "City 15 19");
        assertEquals(List.of("Ada met Bob in Rome.: [Person, City] Person=Ada Person=Bob City=Rome"), described(examples));
        assertEquals(Optional.empty(), TaskExamples.unknown(TASK, mapping));
        assertEquals(Optional.of("Town"), TaskExamples.unknown(TASK, Map.of("a", "Town")));
        assertEquals(Optional.of("works for"), TaskExamples.unknown(TASK, Map.of("a", "works for")));
    }

    @Test
    void keepsTheLatest() {
        TaskExamples examples = new TaskExamples(TASK, Map.of(), 2);
        add(examples, "Ada left.", "Person 0 3");
        add(examples, "Bob left.", "Person 0 3");
        add(examples, "Ada left.", "Person 0 3", "City 4 8");
        add(examples, "Eve left.", "Person 0 3");
        assertEquals(List.of("Ada left.: [Person, City] Person=Ada City=left", "Eve left.: [Person] Person=Eve"), described(examples));
    }

    @Test
    void theLatestAreThoseOfTheLatestTimesInWhateverOrderPartitionsAreRead() {
        TaskExamples examples = new TaskExamples(TASK, Map.of(), 2);
        addAt(30, examples, "Ada left.", "Person 0 3");
        addAt(60, examples, "Bob left.", "Person 0 3");
        addAt(10, examples, "Eve left.", "Person 0 3");
        addAt(50, examples, "Kim left.", "Person 0 3");
        assertEquals(List.of("Kim left.: [Person] Person=Kim", "Bob left.: [Person] Person=Bob"), described(examples));
    }

    private void add(TaskExamples examples, String text, String... spans) {
        addAt(++now, examples, text, spans);
    }

    private static void addAt(long time, TaskExamples examples, String text, String... spans) {
        StringBuilder json = new StringBuilder("{\"text\":\"" + text + "\",\"spans\":[");
        for (String span : spans) {
            String[] words = span.split(" ");
            int n = words.length;
            String label = String.join(" ", List.of(words).subList(0, n - 2));
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append("{\"label\":\"").append(label)
                    .append("\",\"start\":").append(words[n - 2]).append(",\"end\":").append(words[n - 1]).append('}');
        }
        examples.add(json.append("]}").toString().getBytes(UTF_8), time);
    }

    private static List<String> described(TaskExamples examples) {
        return examples.examples().stream().map(TaskExamplesTest::described).toList();
    }

    private static String described(Example example) {
        StringBuilder all = new StringBuilder(example.text() + ": " + example.labels().labels());
        example.spans().forEach(span -> all.append(' ').append(span.label().name()).append('=')
                .append(example.text(), span.start(), span.end()));
        return all.toString();
    }
}
