package io.metaie.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes the tagger that suits a device and a precision. What was asked for is had, or refused: never replaced. */
public final class Taggers {

    private static final Logger LOG = Logger.getLogger(Taggers.class);

    private Taggers() {}

    /**
     * Opens a tagger for a checkpoint. The device {@code auto} is the processor; the precision {@code auto} is int8 where
     * that is known to cost little and to be faster, else fp32.
     *
     * @param adapterBytes how much memory adapters may take when nobody uses them
     * @throws DeviceException when the device or the precision asked for cannot be had
     */
    public static OnnxTagger open(Checkpoint checkpoint, Device device, Precision precision, long adapterBytes)
            throws DeviceException {
        if (device instanceof Device.Cuda) {
            throw new DeviceException("The device " + device
                    + " is not available in this version; set metaie.device to cpu or auto");
        }
        if (device instanceof Device.Auto) {
            LOG.warn("metaie.device=auto: this version uses no GPU");
        }
        try {
            return onCpu(checkpoint, precision, adapterBytes);
        } catch (OrtException | UnsatisfiedLinkError e) {
            throw DeviceException.cannotRun(checkpoint, e);
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
            case FP16 -> throw new DeviceException("The precision fp16 is one of GPUs; set metaie.precision to fp32, int8"
                    + " or auto");
            case INT8 -> {
                ActivationRanges ranges = asked(checkpoint);
                OnnxTagger tagger = int8(checkpoint, ranges, adapterBytes);
                say(checkpoint, tagger, ranges.accuracy().isEmpty() || ranges.accepted() ? "" : ": F1 falls by "
                        + ranges.meanLoss() + " points on the mean");
                yield tagger;
            }
            case AUTO -> suitable(checkpoint, adapterBytes);
        };
    }

    private static OnnxTagger suitable(Checkpoint checkpoint, long adapterBytes) throws OrtException {
        Optional<ActivationRanges> ranges = found(checkpoint);
        ByteProducts products = ByteProducts.of(OrtEnvironment.getEnvironment());
        CpuPrecision choice = CpuPrecision.choose(ranges, products::gain);
        if (choice.precision() == Precision.FP32) {
            return floats(checkpoint, adapterBytes, ": " + choice.reason());
        }
        OnnxTagger tagger = integers(checkpoint, ranges.orElseThrow(), products, adapterBytes);
        say(checkpoint, tagger, ": " + choice.reason());
        return tagger;
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
