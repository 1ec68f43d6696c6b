package io.metaie.adaptation.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A linear layer: {@code [rows, in]} → {@code [rows, out]}, both in the numbers the encoder computes in. */
interface Projection {

    Tensor apply(Tensor x);

    /**
     * One whose weights are trained.
     *
     * @param weight {@code [out, in]}, 32-bit floats
     * @param bias {@code [out]}, 32-bit floats
     */
    record Trained(Tensor weight, Tensor bias, ScalarType type) implements Projection {

        @Override
        public Tensor apply(Tensor x) {
            return torch.linear(x, weight.to(type), new TensorOptional(bias.to(type)));
        }
    }

    /**
     * Frozen weights with trained low-rank additions. Several layers that read the same {@code x} are computed as one:
     * their A stand below one another, their B on the diagonal.
     *
     * @param weight {@code [out, in]}, in {@code type}
     * @param bias {@code [out]}, in {@code type}
     * @param a {@code [layers · rank, in]}, 32-bit floats
     * @param b {@code [out, rank]} for each layer, 32-bit floats
     * @param scale what the addition is multiplied by
     */
    record LowRank(Tensor weight, Tensor bias, Tensor a, Tensor[] b, double scale, ScalarType type)
            implements Projection {

        @Override
        public Tensor apply(Tensor x) {
            Tensor up = b.length == 1 ? b[0] : torch.block_diag(new TensorVector(b));
            Tensor inner = torch.linear(x, a.to(type));
            Tensor outer = up.mul(new Scalar(scale)).to(type).t();
            return torch.addmm(torch.linear(x, weight, new TensorOptional(bias)), inner, outer);
        }
    }
}
