package io.metaie.onnx;

/** How a graph computes the linear layers of the encoder: all of them are built by one of these. */
interface LinearLayers {

    /**
     * Builds a layer.
     *
     * @param x {@code [R, in]}
     * @param name the layer's name in the checkpoint
     * @param bias its bias, {@code [out]}; none if the next operator adds it
     * @return {@code x Wᵀ + b}, {@code [R, out]}, in floats
     */
    String build(String x, String name, String... bias);
}
