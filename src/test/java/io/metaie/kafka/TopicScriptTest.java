package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.kafka.TopicDeclarations.Declaration;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kafka/create-topics.sh} means by {@code kafka/topics.yaml} what the service means. */
@Tag("faults")
class TopicScriptTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void itReadsTheDeclarationsAsTheServiceDoes(int brokers) throws Exception {
        Map<Topic, Declaration> declared = TopicDeclarations.packaged().forBrokers(brokers);
        String expected = Arrays.stream(Topic.values()).map(topic -> line(topic, declared.get(topic))).sorted()
                .collect(Collectors.joining("\n"));
        assertEquals(expected, list(Map.of(), brokers));
    }

    private static String line(Topic topic, Declaration declaration) {
        return String.join("\t", topic.key(), declaration.defaultName(), String.valueOf(declaration.partitions()),
                String.valueOf(declaration.replicas()), new TreeMap<>(declaration.settings()).toString());
    }

    /** Settings in the order of their names, as a map writes them. */
    private String list(Map<String, String> environment, int brokers) throws Exception {
        return new KafkaScripts(directory).run("create-topics.sh", environment, "--list", "--brokers", String.valueOf(brokers)).lines()
                .map(line -> line.substring(0, line.lastIndexOf('\t') + 1) + Arrays.stream(
                                line.substring(line.lastIndexOf('\t') + 1).split(" ")).map(setting -> setting.split("=", 2))
                        .collect(Collectors.toMap(one -> one[0], one -> one[1], (a, b) -> a, TreeMap::new)))
                .sorted().collect(Collectors.joining("\n"));
    }

    @Test
    void namesAreThoseOfTheServicesVariables() throws Exception {
        Map<String, String> variables = Map.of("METAIE_TOPICS_DOCUMENTS", "docs", "METAIE_TOPICS_DISTILLATION_REQUESTS", "asked");
        Topics topics = new Topics(Settings.metaie(Settings.load(
                Map.of("metaie.topics.documents", "docs", "metaie.topics.distillation.requests", "asked"))).topics());
        String listed = list(variables, 3);
        for (Topic topic : Topic.values()) {
            assertTrue(listed.contains(topic.key() + "\t" + topics.name(topic) + "\t"), topics.name(topic));
        }
    }

    @Test
    void topicsItCreatesAreThoseTheServiceWantsAndItMayRunAgain() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            KafkaScripts scripts = new KafkaScripts(directory);
            TopicSetup check = new TopicSetup(new KafkaClients(KafkaSettings.of(broker.bootstrap())),
                    new Topics(Settings.metaie(Settings.load()).topics()), TopicDeclarations.packaged(), false);
            TopicSetupException missing = assertThrows(TopicSetupException.class, () -> check.ensure(EnumSet.allOf(Topic.class)));
            assertTrue(missing.getMessage().contains("metaie.documents (partitions: 4)"), missing.getMessage());
            scripts.run("create-topics.sh", Map.of(), "--bootstrap-server", broker.bootstrap(), "--brokers", "1");
            Map<Topic, TopicState> states = check.ensure(EnumSet.allOf(Topic.class));
            TopicDeclarations.packaged().forBrokers(1).forEach((topic, declared) -> assertEquals(new TopicState(
                    declared.defaultName(), declared.partitions(), declared.maxMessageBytes()), states.get(topic)));
            scripts.run("create-topics.sh", Map.of("METAIE_TOPICS_DOCUMENTS", "others"), "--bootstrap-server", broker.bootstrap(),
                    "--brokers", "1");
            check.ensure(EnumSet.allOf(Topic.class));
        }
    }

    @Test
    void wrongUsageIsSaid() throws Exception {
        AssertionError error = assertThrows(AssertionError.class,
                () -> new KafkaScripts(directory).run("create-topics.sh", Map.of(), "--brokers", "none"));
        assertTrue(error.getMessage().contains("ended with 2: kafka/create-topics.sh --bootstrap-server"), error.getMessage());
    }
}
