package io.metaie.distillation.http;

import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The key to the teacher: known to requests alone, shown to nobody. */
public final class ApiKey {

    /** The environment variable it comes from, and from nowhere else: arguments and files are read by others. */
    public static final String VARIABLE = "METAIE_LLM_API_KEY";

    private static final String SETTING = "metaie.llm.api-key";
    private static final String ENVIRONMENT = "EnvConfigSource";

    private final String key;

    private ApiKey(String key) {
        this.key = key;
    }

    /**
     * The key of this process' environment, if it has one.
     *
     * @param config where it must not stand otherwise
     * @throws IllegalArgumentException when it stands where others read it; the message says where, and not what
     */
    public static Optional<ApiKey> ofEnvironment(Config config) {
        for (ConfigSource source : config.getConfigSources()) {
            // The environment's own names are translated, so it has the setting, too.
            if (!source.getName().equals(ENVIRONMENT) && source.getPropertyNames().stream().anyMatch(ApiKey::isSetting)) {
                throw new IllegalArgumentException(SETTING + " is set in " + source.getName() + ", where others can read it: remove"
                        + " it there, and give the key as the environment variable " + VARIABLE);
            }
        }
        return Optional.ofNullable(System.getenv(VARIABLE)).map(String::strip).filter(key -> !key.isEmpty()).map(ApiKey::of);
    }

    /** With a profile's name before it or without. */
    private static boolean isSetting(String name) {
        return name.equals(SETTING) || name.startsWith("%") && name.endsWith("." + SETTING);
    }

    static ApiKey of(String key) {
        return new ApiKey(key);
    }

    String authorization() {
        return "Bearer " + key;
    }

    /** What others said, without the key, should they have repeated it. */
    String hiddenIn(String text) {
        return text.replace(key, "***");
    }

    @Override
    public String toString() {
        return "***";
    }
}
