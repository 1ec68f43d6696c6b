package io.metaie.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The configuration where no Quarkus runs: on the command line, and in {@code Main} before it starts the service. The
 * same sources as Quarkus reads, with its precedence: system properties, environment variables,
 * {@code config/application.properties} in the working directory, the packaged {@code application.properties}.
 */
public final class Settings {

    /** Settings with an ordinal above this one were given by the operator, not packaged. */
    public static final int PACKAGED_ORDINAL = 250;

    private static final int WORKING_DIRECTORY_ORDINAL = 260;
    private static final int COMMAND_LINE_ORDINAL = 500;
    private static final String FILE = "application.properties";

    private Settings() {}

    /** Reads the configuration as it stands now. */
    public static SmallRyeConfig load() {
        return load(Map.of());
    }

    /**
     * Reads the configuration as it stands now.
     *
     * @param given settings of the command line, which outrank all others
     */
    public static SmallRyeConfig load(Map<String, String> given) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .forClassLoader(Settings.class.getClassLoader())
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addSystemSources()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(given, "command line", COMMAND_LINE_ORDINAL))
                .withMapping(MetaieConfig.class);
        try {
            URL packaged = Settings.class.getClassLoader().getResource(FILE);
            if (packaged != null) {
                builder.withSources(new PropertiesConfigSource(packaged, PACKAGED_ORDINAL));
            }
            Path local = Path.of("config", FILE);
            if (Files.isRegularFile(local)) {
                builder.withSources(new PropertiesConfigSource(local.toUri().toURL(), WORKING_DIRECTORY_ORDINAL));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        return builder.build();
    }

    /** The settings of the service in that configuration. */
    public static MetaieConfig metaie(SmallRyeConfig config) {
        return config.getConfigMapping(MetaieConfig.class);
    }
}
