package io.metaie.distillation.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and passwords stand where nobody reads them, or nothing starts; and no message repeats them. */
class SecretsTest {

    @ParameterizedTest
    @ValueSource(strings = {"metaie.llm.api-key", "%prod.metaie.llm.api-key"})
    void aKeyInAFileIsRefusedAndNotRepeated(String name) {
        SmallRyeConfig config = new SmallRyeConfigBuilder().withSources(
                new PropertiesConfigSource(Map.of(name, "sk-secret"), "config/application.properties", 260)).build();
        String message = assertThrows(IllegalArgumentException.class, () -> ApiKey.ofEnvironment(config)).getMessage();
        assertTrue(message.contains("config/application.properties") && message.contains("METAIE_LLM_API_KEY"), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void aKeyInTheEnvironmentIsWhereItBelongs() {
        SmallRyeConfig config = new SmallRyeConfigBuilder().withSources(
                new EnvConfigSource(Map.of("METAIE_LLM_API_KEY", "sk-secret"), 300)).build();
        assertEquals(Optional.empty(), ApiKey.ofEnvironment(config), "this process has none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:secret@host/v1", "https://secret@host:8443/v1", "http://user:secret@under_score/v1",
        "http://user:sec ret@host/v1", "http://user:secret@host/v1?", "http://host/v1?key=secret", "ftp://user:secret@host/v1"})
    void anAddressWithASecretIsRefusedAndNotRepeated(String url) {
        String message = assertThrows(IllegalArgumentException.class, () -> endpoint(Endpoint.address(url))).getMessage();
        assertTrue(message.startsWith("metaie.llm.base-url "), message);
        assertFalse(message.contains("secret") || message.contains("sec ret"), message);
    }

    @Test
    void anAddressIsTakenWithAndWithoutASlash() {
        for (String url : new String[] {"http://host:8000/v1", "http://host:8000/v1/", " HTTP://host:8000/v1 "}) {
            assertEquals("//host:8000/v1/chat/completions", endpoint(Endpoint.address(url)).completions().getSchemeSpecificPart());
        }
    }

    private static Endpoint endpoint(URI url) {
        return new Endpoint(url, "m", Optional.empty(), 0, 64, Duration.ofSeconds(1), 1);
    }
}
