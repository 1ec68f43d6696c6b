package io.metaie.engine;

import io.metaie.config.MetaieConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the model's directory. */
public final class ModelDirectory {

    /** The bundled model's place, in the working directory or beside the application. */
    public static final Path BUNDLED = Path.of("models", "metaie-mini");

    private ModelDirectory() {}

    /**
     * The configured directory as it stands, else the bundled one of the working directory, else the one beside the
     * application. Whether it holds a model is found out when it is opened.
     */
    public static Path locate(MetaieConfig config) {
        return config.model().orElseGet(() -> Files.isDirectory(BUNDLED)
                ? BUNDLED
                : besideApplication().filter(Files::isDirectory).orElse(BUNDLED));
    }

    /** Looks upwards from the running jar: the application may lie in the build's folder of a checkout. */
    private static Optional<Path> besideApplication() {
        String application = System.getProperty("java.class.path", "").split(java.io.File.pathSeparator)[0];
        try {
            Path folder = Path.of(application).toRealPath().getParent();
            for (int up = 0; folder != null && up < 4; up++, folder = folder.getParent()) {
                Path candidate = folder.resolve(BUNDLED);
                if (Files.isDirectory(candidate)) {
                    return Optional.of(candidate);
                }
            }
        } catch (IOException e) {
            // Not started from a jar: there is no place beside it.
        }
        return Optional.empty();
    }
}
