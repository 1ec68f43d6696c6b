package io.metaie.adaptation.torch;

import io.metaie.adaptation.TrainingUnavailableException;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's native libraries: unpacked and loaded once a process, when training is first wanted. */
final class TorchRuntime {

    private static final String UNPACKED = "libtorch_cpu";
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> NATIVE_BF16 = List.of("avx512_bf16", "amx_bf16");

    private static boolean loaded;

    private TorchRuntime() {}

    /**
     * Makes PyTorch usable.
     *
     * @param notices hears what a user waiting for it should know
     * @throws TrainingUnavailableException when there are no natives for this platform, or they cannot be loaded
     */
    static synchronized void load(TorchSettings settings, Consumer<String> notices) throws TrainingUnavailableException {
        if (!loaded) {
            String platform = Loader.getPlatform();
            if (Loader.class.getResource("/org/bytedeco/pytorch/" + platform) == null) {
                throw new TrainingUnavailableException("training is not available on this platform (" + platform + ")", null);
            }
            try {
                Files.createDirectories(settings.cache());
                if (!isUnpacked(settings.cache())) {
                    notices.accept("unpacking the libraries for training, about 430 MB, to " + settings.cache()
                            + " (once; metaie.training.cache names another place)");
                }
                System.setProperty("org.bytedeco.javacpp.cachedir", settings.cache().toString());
                // Its own count of the process' memory would refuse allocations that are none of its business.
                System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
                System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
                Loader.load(torch.class);
                NativeUse.guard();
            } catch (IOException | LinkageError e) {
                throw new TrainingUnavailableException("training is not available: its libraries cannot be unpacked to "
                        + settings.cache() + " or loaded (" + e.getMessage() + ")", e);
            }
            loaded = true;
        }
    }

    /** Sets how many threads compute for the calling thread. */
    static void useThreads(int threads) {
        openblas.blas_set_num_threads(threads);
        torch.set_num_threads(threads);
    }

    /** Whether to compute in 16-bit brain floats. Emulated they are slower than 32-bit floats. */
    static boolean usesBf16(Arithmetic arithmetic) {
        return switch (arithmetic) {
            case BF16 -> true;
            case FP32 -> false;
            case AUTO -> hasNativeBf16();
        };
    }

    /** PyTorch tells whether it can compute with them, not whether the processor can: only Linux says that. */
    private static boolean hasNativeBf16() {
        if (!Files.isReadable(CPU_INFO)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> List.of(line.split("\\s+")))
                    .filter(flags -> NATIVE_BF16.stream().anyMatch(flags::contains))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isUnpacked(Path cache) throws IOException {
        try (Stream<Path> files = Files.find(cache, 8, (file, attributes) ->
                attributes.isRegularFile() && file.getFileName().toString().contains(UNPACKED))) {
            return files.findAny().isPresent();
        }
    }
}
