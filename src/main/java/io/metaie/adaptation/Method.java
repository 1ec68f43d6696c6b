package io.metaie.adaptation;

/** What of a model is trained. */
public sealed interface Method {

    /** Every weight. */
    record Full() implements Method {}

    /**
     * Low-rank additions to every linear layer of the encoder, and the classifier whole (Hu et al., "LoRA", arXiv
     * 2106.09685): {@code y = x Wᵀ + b + (alpha / rank) (x Aᵀ) Bᵀ}, B zero at the start.
     *
     * @param rank the inner dimension of A and B
     * @param alpha how strongly they count
     */
    record Lora(int rank, double alpha) implements Method {

        /** The rank where none is asked for. */
        public static final int DEFAULT_RANK = 8;

        public Lora {
            if (rank < 1 || !(alpha > 0)) {
                throw new IllegalArgumentException("rank and alpha must be positive: " + rank + ", " + alpha);
            }
        }

        /** The usual strength: alpha is twice the rank. */
        public static Lora ofRank(int rank) {
            return new Lora(rank, 2.0 * rank);
        }

        /** By what the product of A and B is multiplied. */
        public double scale() {
            return alpha / rank;
        }
    }
}
