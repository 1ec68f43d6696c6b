package io.metaie.adaptation.torch;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How training runs.
 *
 * @param cache where the native libraries are unpacked
 * @param threads how many threads compute
 * @param arithmetic in which numbers the encoder computes
 */
public record TorchSettings(Path cache, int threads, Arithmetic arithmetic) {

    public TorchSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("training needs at least one thread, not " + threads);
        }
    }

    /** Where programs of this user keep what they can make again. */
    public static Path defaultCache() {
        Path home = Path.of(System.getProperty("user.home"));
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Path caches = system.startsWith("mac") ? home.resolve("Library").resolve("Caches")
                : system.startsWith("windows") ? environment("LOCALAPPDATA").orElse(home.resolve("AppData").resolve("Local"))
                : environment("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        return caches.resolve("metaie").resolve("training");
    }

    private static Optional<Path> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank()).map(Path::of);
    }

    /** Kinds of numbers. Weights, gradients and the optimiser's state are 32-bit floats always. */
    public enum Arithmetic {
        /** {@link #BF16} where the processor multiplies it natively, else {@link #FP32}. */
        AUTO,
        FP32,
        BF16
    }
}
