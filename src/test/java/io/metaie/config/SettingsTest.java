package io.metaie.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.config.KafkaConfig.EmbeddedMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void everySettingHasADefault() {
        MetaieConfig config = Settings.metaie(Settings.load());
        assertEquals(EmbeddedMode.AUTO, config.kafka().embedded().mode());
        assertEquals(9092, config.kafka().embedded().port());
        assertEquals(Path.of("data/kafka"), config.kafka().embedded().directory());
        assertEquals("metaie.distillation.answers", config.topics().distillationAnswers());
    }

    @Test
    void systemPropertiesWin() {
        System.setProperty("metaie.kafka.embedded", "false");
        System.setProperty("metaie.topics.distillation.requests", "texts");
        try {
            MetaieConfig config = Settings.metaie(Settings.load());
            assertEquals(EmbeddedMode.FALSE, config.kafka().embedded().mode());
            assertEquals("texts", config.topics().distillationRequests());
        } finally {
            System.clearProperty("metaie.kafka.embedded");
            System.clearProperty("metaie.topics.distillation.requests");
        }
    }
}
