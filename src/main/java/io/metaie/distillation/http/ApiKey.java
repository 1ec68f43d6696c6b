package io.metaie.distillation.http;

import java.util.Optional;

/** The key to the teacher: known to requests alone, shown to nobody. */
public final class ApiKey {

    /** The environment variable it comes from, and from nowhere else: arguments and files are read by others. */
    public static final String VARIABLE = "METAIE_LLM_API_KEY";

    private final String key;

    private ApiKey(String key) {
        this.key = key;
    }

    /** The key of this process' environment, if it has one. */
    public static Optional<ApiKey> ofEnvironment() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(String::strip).filter(key -> !key.isEmpty()).map(ApiKey::of);
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
