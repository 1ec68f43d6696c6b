package io.metaie.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes the tagger that suits a device and a precision. What was asked for is had, or refused: never replaced. */
public final class Taggers {

    private static final Logger LOG = Logger.getLogger(Taggers.class);

    private Taggers() {}

    /**
     * How much memory a tagger may take, in bytes.
     *
     * @param adapters what adapters may take when nobody uses them
     * @param cuda what may be taken of a GPU's memory; 0 for all
     */
    public record Memory(long adapters, long cuda) {}

    /** The same with all the memory of a GPU, should it run on one. */
    public static OnnxTagger open(Checkpoint checkpoint, Device device, Precision precision, long adapterBytes)
            throws DeviceException {
        return open(checkpoint, device, precision, new Memory(adapterBytes, 0));
    }

    /**
     * Opens a tagger for a checkpoint. The device {@code auto} is the first GPU, if there is one, else the processor. The
     * precision {@code auto} is fp16 on a GPU; on the processor it is int8 where that is known to cost little and to be
     * faster (dot products of bytes), else fp32.
     *
     * @throws DeviceException when the device or the precision asked for cannot be had
     */
    public static OnnxTagger open(Checkpoint checkpoint, Device device, Precision precision, Memory memory)
            throws DeviceException {
        return new DeviceChoice<>(new Opener(checkpoint, memory, false), LOG::warn).open(device, precision);
    }

    /**
     * The same, but a GPU that is asked for by name is waited for: until it is there the tagger is {@linkplain
     * OnnxTagger#lost() lost}, and every batch fails by the device's fault.
     */
    public static OnnxTagger await(Checkpoint checkpoint, Device device, Precision precision, Memory memory)
            throws DeviceException {
        return new DeviceChoice<>(new Opener(checkpoint, memory, true), LOG::warn).open(device, precision);
    }

    private record Opener(Checkpoint checkpoint, Memory memory, boolean waits) implements DeviceChoice.Opener<OnnxTagger> {

        @Override
        public OnnxTagger cpu(Precision precision) throws DeviceException {
            try {
                return onCpu(checkpoint, precision, memory.adapters);
            } catch (OrtException | UnsatisfiedLinkError e) {
                throw DeviceException.cannotRun(checkpoint, e);
            }
        }

        @Override
        public OnnxTagger cuda(Device.Cuda device, Precision precision) throws DeviceException {
            try {
                OnnxTagger tagger = OnnxTagger.onCuda(checkpoint, device, precision, memory, LosableSession::open);
                say(checkpoint, tagger, "");
                return tagger;
            } catch (OrtException | UnsatisfiedLinkError e) {
                throw new DeviceException("The device " + device + " cannot be had: " + e.getMessage(), e);
            }
        }

        @Override
        public OnnxTagger absent(Device.Cuda device, Precision precision, DeviceException absent) throws DeviceException {
            if (!waits) {
                throw absent;
            }
            LOG.errorf("%s; metaie.device asks for it, so nothing is tagged, and this instance is not ready, until it is there",
                    absent.getMessage());
            try {
                return OnnxTagger.onCuda(checkpoint, device, precision, memory, LosableSession::awaited);
            } catch (OrtException | UnsatisfiedLinkError e) {
                throw DeviceException.cannotRun(checkpoint, e);
            }
        }
    }

    /**
     * Opens a tagger on the processor in 8-bit integers.
     *
     * @param ranges those of this checkpoint
     * @param adapterBytes how much memory adapters may take when nobody uses them
     * @throws DeviceException when ONNX Runtime cannot run here
     */
    public static OnnxTagger int8(Checkpoint checkpoint, ActivationRanges ranges, long adapterBytes)
            throws DeviceException {
        try {
            return integers(checkpoint, ranges, ByteProducts.of(OrtEnvironment.getEnvironment()), adapterBytes);
        } catch (OrtException | UnsatisfiedLinkError e) {
            throw DeviceException.cannotRun(checkpoint, e);
        }
    }

    private static OnnxTagger onCpu(Checkpoint checkpoint, Precision precision, long adapterBytes)
            throws DeviceException, OrtException {
        return switch (precision) {
            case FP32 -> floats(checkpoint, adapterBytes, "");
            case INT8 -> {
                ActivationRanges ranges = asked(checkpoint);
                OnnxTagger tagger = int8(checkpoint, ranges, adapterBytes);
                say(checkpoint, tagger, ranges.accuracy().isEmpty() || ranges.accepted() ? "" : ": F1 falls by "
                        + String.format(Locale.ROOT, "%.2f points on the mean", ranges.meanLoss()));
                yield tagger;
            }
            case AUTO -> suitable(checkpoint, adapterBytes);
            case FP16 -> throw new IllegalArgumentException("no fp16 on the processor");
        };
    }

    private static OnnxTagger suitable(Checkpoint checkpoint, long adapterBytes) throws OrtException {
        Optional<ActivationRanges> ranges = found(checkpoint);
        CpuPrecision choice = CpuPrecision.choose(ranges, Taggers::hasDotProducts);
        if (choice.precision() == Precision.FP32) {
            return floats(checkpoint, adapterBytes, ": " + choice.reason());
        }
        OnnxTagger tagger = integers(checkpoint, ranges.orElseThrow(), new ByteProducts(true), adapterBytes);
        say(checkpoint, tagger, ": " + choice.reason());
        return tagger;
    }

    private static boolean hasDotProducts() {
        try {
            return ByteProducts.of(OrtEnvironment.getEnvironment()).signedWeights();
        } catch (OrtException e) {
            LOG.warnf("Products of bytes cannot be tried here (%s); going on in fp32", e.getMessage());
            return false;
        }
    }

    private static ActivationRanges asked(Checkpoint checkpoint) throws DeviceException {
        try {
            return ActivationRanges.read(checkpoint).orElseThrow(() -> new DeviceException("The precision int8 needs "
                    + ActivationRanges.FILE + " beside the model, which " + checkpoint.directory() + " has not; make it with"
                    + " 'metaie convert --checkpoint " + checkpoint.directory() + " --calibrate FILE', FILE holding some"
                    + " hundred annotated sentences, or set metaie.precision to fp32 or auto"));
        } catch (CheckpointException e) {
            throw new DeviceException("The precision int8 cannot be had: " + e.getMessage(), e);
        }
    }

    private static Optional<ActivationRanges> found(Checkpoint checkpoint) {
        try {
            return ActivationRanges.read(checkpoint);
        } catch (CheckpointException e) {
            LOG.warnf("%s; going on without it", e.getMessage());
            return Optional.empty();
        }
    }

    private static OnnxTagger integers(
            Checkpoint checkpoint, ActivationRanges ranges, ByteProducts products, long adapterBytes) throws OrtException {
        return OnnxTagger.inIntegers(new Int8Weights(checkpoint, products.signedWeights()), ranges, adapterBytes);
    }

    private static OnnxTagger floats(Checkpoint checkpoint, long adapterBytes, String reason) throws OrtException {
        OnnxTagger tagger = OnnxTagger.onCpu(checkpoint, adapterBytes);
        say(checkpoint, tagger, reason);
        return tagger;
    }

    private static void say(Checkpoint checkpoint, OnnxTagger tagger, String reason) {
        LOG.infof("Tagging with %s on %s in %s%s", checkpoint.id(), tagger.device(), tagger.precision(), reason);
    }
}
