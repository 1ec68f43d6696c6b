package io.metaie.onnx;

import java.util.function.Consumer;

/**
 * Which device is taken for which precision. What was asked for is had, or refused; only {@code auto} takes something
 * else, and says so.
 *
 * @param <T> what is opened on it
 */
final class DeviceChoice<T> {

    private final Opener<T> opener;
    private final Consumer<String> warnings;

    /** Opens something on a device. */
    interface Opener<T> {

        /** @param precision {@code auto} is what suits the processor */
        T cpu(Precision precision) throws DeviceException;

        /** @param precision {@code fp16} or {@code fp32} */
        T cuda(Device.Cuda device, Precision precision) throws DeviceException;

        /**
         * A GPU that was asked for is not there: what is made of that.
         *
         * @param absent to be thrown, unless it is waited for
         */
        default T absent(Device.Cuda device, Precision precision, DeviceException absent) throws DeviceException {
            throw absent;
        }
    }

    DeviceChoice(Opener<T> opener, Consumer<String> warnings) {
        this.opener = opener;
        this.warnings = warnings;
    }

    /** @throws DeviceException when what was asked for cannot be had */
    T open(Device device, Precision precision) throws DeviceException {
        if (device instanceof Device.Cuda cuda) {
            Precision suited = onGpus(precision);
            try {
                return opener.cuda(cuda, suited);
            } catch (DeviceException e) {
                return opener.absent(cuda, suited, e);
            }
        }
        if (device instanceof Device.Cpu) {
            return cpu(precision);
        }
        // 8-bit integers are for processors.
        return precision == Precision.INT8 ? cpu(precision) : any(precision);
    }

    private T any(Precision precision) throws DeviceException {
        try {
            return opener.cuda(new Device.Cuda(0), onGpus(precision));
        } catch (DeviceException e) {
            if (precision == Precision.FP16) {
                throw e;
            }
            warnings.accept("metaie.device=auto: no GPU can be used, so the processor is (" + e.getMessage() + ")");
            return cpu(precision);
        }
    }

    private T cpu(Precision precision) throws DeviceException {
        if (precision == Precision.FP16) {
            throw new DeviceException(
                    "The precision fp16 is one of GPUs; set metaie.precision to fp32, int8 or auto, or metaie.device to cuda");
        }
        return opener.cpu(precision);
    }

    private static Precision onGpus(Precision precision) throws DeviceException {
        if (precision == Precision.INT8) {
            throw new DeviceException("The precision int8 is one of processors; set metaie.precision to fp16, fp32 or auto, or"
                    + " metaie.device to cpu");
        }
        return precision == Precision.AUTO ? Precision.FP16 : precision;
    }
}
