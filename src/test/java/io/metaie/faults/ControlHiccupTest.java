package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.kafka.KafkaClients;
import io.metaie.testing.BrokerControl;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.Control;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What carries out commands fails while an adaptation runs: it is begun again only if somebody else may own it now. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("faults")
class ControlHiccupTest {

    private static final String GROUP = "metaie-control";
    private static final String MEMBER = "metaie-test-control";
    /** An adaptation takes its time where much else runs. */
    private static final Duration PATIENCE = Control.PATIENCE.multipliedBy(4);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @Inject
    KafkaClients clients;

    private final String id = UUID.randomUUID().toString();
    private Control control;

    @BeforeEach
    void begin() {
        Awaitility.await().atMost(Control.PATIENCE).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
        control = new Control(bootstrap);
    }

    @AfterEach
    void end() {
        control.close();
    }

    /** Begins an adaptation, and waits until it has come a part of its way. */
    private void adapt(String task) {
        control.define(task, "['gadget']");
        control.send("{'type':'adapt','task':'" + task + "','commandId':'" + id + "','options':{'epochs':40,"
                + "'activate':'always'},'examples':[{'text':'Zorblax met Quimby.','spans':[{'label':'gadget','text':'Zorblax'}]},"
                + "{'text':'Nothing of note.','spans':[]}]}");
        control.await(event -> event.path("commandId").asText().equals(id) && event.path("epoch").asInt() > 2,
                "progress", PATIENCE);
    }

    private List<Integer> epochs() {
        return control.of(id).stream().filter(event -> event.path("type").asText().equals("adaptation-progress"))
                .map(event -> event.path("epoch").asInt()).toList();
    }

    private void assertEndedOnce(String task) {
        JsonNode completed = control.await("adaptation-completed", id, PATIENCE);
        assertEquals(1, completed.path("version").asInt());
        control.define(task + " later", "['A']");
        assertEquals(1, control.count("adaptation-started", id));
        assertEquals(1, control.count("adaptation-completed", id));
        assertEquals(1, control.count("adapter-activated", id));
        assertEquals(0, control.count("adaptation-failed", id));
    }

    private void assertNeverBegunAgain() {
        List<Integer> epochs = epochs();
        assertEquals(epochs.stream().distinct().sorted().toList(), epochs, "each epoch once, in order");
    }

    private void fence() {
        try (Producer<byte[], byte[]> other = clients.producer("other", Map.of("transactional.id", MEMBER))) {
            other.initTransactions();
        }
    }

    @Test
    void aFencedProducerDoesNotCostTheAdaptation() {
        adapt("fenced");
        fence();
        assertEndedOnce("fenced");
        assertNeverBegunAgain();
    }

    @Test
    void aBrokerThatComesBackDoesNotCostTheAdaptation() {
        adapt("restarted");
        BrokerControl.stop();
        BrokerControl.start();
        assertEndedOnce("restarted");
        assertNeverBegunAgain();
    }

    /** The group has given the commands away: what was begun before counts for nothing. */
    @Test
    void anAdaptationWhoseCommandsWereTakenAwayIsBegunAgain() throws Exception {
        adapt("lost");
        try (Admin admin = clients.admin("remove", Map.of())) {
            admin.removeMembersFromConsumerGroup(GROUP,
                    new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(MEMBER)))).all().get();
        }
        assertEndedOnce("lost");
        List<Integer> epochs = epochs();
        assertTrue(!epochs.equals(epochs.stream().sorted().toList()), "it went on as if nothing had been: " + epochs);
    }
}
