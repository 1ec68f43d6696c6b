package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.Checkpoint;
import org.jboss.logging.Logger;

/** Makes the tagger that suits a device and a precision. What was asked for is had, or refused: never replaced. */
public final class Taggers {

    private static final Logger LOG = Logger.getLogger(Taggers.class);

    private Taggers() {}

    /**
     * Opens a tagger for a checkpoint. {@code auto} is the processor and 32-bit floats.
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
        if (precision == Precision.FP16 || precision == Precision.INT8) {
            throw new DeviceException("The precision " + precision
                    + " is not available in this version; set metaie.precision to fp32 or auto");
        }
        OnnxTagger tagger = openCpu(checkpoint, adapterBytes);
        if (device instanceof Device.Auto) {
            LOG.warnf("metaie.device=auto: this version uses no GPU; tagging with %s on %s in %s",
                    checkpoint.id(), tagger.device(), tagger.precision());
        } else {
            LOG.infof("Tagging with %s on %s in %s", checkpoint.id(), tagger.device(), tagger.precision());
        }
        return tagger;
    }

    private static OnnxTagger openCpu(Checkpoint checkpoint, long adapterBytes) throws DeviceException {
        try {
            return OnnxTagger.onCpu(checkpoint, adapterBytes);
        } catch (OrtException | UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "ONNX Runtime cannot run " + checkpoint.id() + " on this machine: " + e.getMessage(), e);
        }
    }
}
