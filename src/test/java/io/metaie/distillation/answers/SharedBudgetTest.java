package io.metaie.distillation.answers;

import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.distillation.Distilled;
import io.metaie.distillation.Prices;
import io.metaie.distillation.Question;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.metaie.distillation.http.FakeTeacher;
import io.metaie.distillation.http.OpenTeacher;
import io.metaie.distillation.http.TeacherParts;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share a budget by the topic of the answers, each with 64 calls at once. */
class SharedBudgetTest {

    private static final Template TEMPLATE = new Template(Optional.empty(), Template.PAPER);
    private static final int CONCURRENCY = 64;
    private static final int BUDGETED = 500;
    private static final int SENTENCES = 800;
    private static final int MAX_TOKENS = 64;
    private static final Prices PRICES = new Prices(10, 30);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    /** An instance as the service puts it together. */
    private record Instance(AnswerLog answers, OpenTeacher teacher) implements AutoCloseable {

        @Override
        public void close() {
            teacher.close();
            answers.close();
        }
    }

    private Instance start(String name, EmbeddedBroker broker, FakeTeacher fake, double budget) throws Exception {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
        TopicSetup setup = new TopicSetup(
                clients, new Topics(Settings.metaie(Settings.load()).topics()), TopicDeclarations.packaged(), true);
        AnswerLog answers = new AnswerLog(clients, setup, "fake", OptionalDouble.of(budget), name);
        OpenTeacher teacher = TeacherParts.open(
                vertx, fake.baseUrl(), TEMPLATE, PRICES, budget, MAX_TOKENS, CONCURRENCY, answers, TeacherObserver.NONE);
        answers.open();
        return new Instance(answers, teacher);
    }

    @Test
    void togetherTheySpendNoMoreThanTheBudgetAndAReplayIsFree() throws Exception {
        double worst = PRICES.worst(Question.of(TEMPLATE, "fake", sentence(0)), MAX_TOKENS);
        double budget = worst * BUDGETED;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0); FakeTeacher fake = new FakeTeacher()) {
            // Without usage each call counts as the worst.
            fake.answers(json(200, completion("None", "stop", false)).withFixedDelay(5));
            try (Instance one = start("one", broker, fake, budget); Instance two = start("two", broker, fake, budget)) {
                List<CompletableFuture<Distilled>> all = new ArrayList<>();
                for (int i = 0; i < SENTENCES; i++) {
                    all.add((i % 2 == 0 ? one : two).teacher().distiller().distill(sentence(i)));
                }
                int answered = answered(all);
                // Until what was set aside is released, both it and the answer count.
                Awaitility.await().until(() -> one.answers().spentThisMonth() <= budget + 1e-9
                        && two.answers().spentThisMonth() == one.answers().spentThisMonth());
                double spent = one.answers().spentThisMonth();
                System.out.printf("two instances, %d calls at once each, a budget of %d worst-case calls: %d calls, %d answers,"
                        + " %.6f of %.6f USD%n", CONCURRENCY, BUDGETED, fake.calls(), answered, spent, budget);
                assertTrue(fake.calls() <= BUDGETED, fake.calls() + " calls");
                // Who waits for its own calls may find what the other has released already taken or not yet: a few may be left.
                assertTrue(answered >= BUDGETED - 2 * CONCURRENCY, answered + " answers");
            }
            int calls = fake.calls();
            try (Instance three = start("three", broker, fake, budget)) {
                List<CompletableFuture<Distilled>> all = new ArrayList<>();
                for (int i = 0; i < SENTENCES; i++) {
                    all.add(three.teacher().distiller().distill(sentence(i)));
                }
                answered(all);
                System.out.printf("a third one reads the answers and replays all: %d calls%n", fake.calls() - calls);
                assertTrue(fake.calls() <= BUDGETED, "what was answered is free");
                assertEquals(fake.calls() - calls == 0, calls == BUDGETED, "and only what was not is asked, while there is money");
                Awaitility.await().until(() -> three.answers().spentThisMonth() <= budget + 1e-9);
            }
        }
        vertx.close();
    }

    private static int answered(List<CompletableFuture<Distilled>> all) throws Exception {
        int answered = 0;
        for (CompletableFuture<Distilled> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
                answered++;
            } catch (ExecutionException e) {
                assertEquals(TeacherException.Fault.BUDGET, ((TeacherException) e.getCause()).fault());
            }
        }
        return answered;
    }

    private static String sentence(int i) {
        return String.format("This is the sentence of number %04d.", i);
    }
}
