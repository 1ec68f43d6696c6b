package io.metaie.onnx;

import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.util.List;

/** How the queries of a run are laid out, which depends on how the graph computes attention. */
enum Layout {

    /** For {@link RaggedAttention}. */
    RAGGED {
        @Override
        long mostScores() {
            return 4L << 20;
        }

        @Override
        int pieces() {
            return RaggedInputs.PIECES;
        }

        @Override
        long bytes(List<Query> queries, RobertaConfig config) {
            return RaggedInputs.bytes(queries, config);
        }

        @Override
        RunInputs of(List<Query> queries, RobertaConfig config, Workspace workspace) {
            return RaggedInputs.of(queries, config, workspace);
        }
    },

    /** For {@link PackedAttention}. */
    PACKED {
        // The kernels never hold them all.
        @Override
        long mostScores() {
            return Long.MAX_VALUE;
        }

        @Override
        int pieces() {
            return PackedInputs.PIECES;
        }

        @Override
        long bytes(List<Query> queries, RobertaConfig config) {
            return PackedInputs.bytes(queries);
        }

        @Override
        RunInputs of(List<Query> queries, RobertaConfig config, Workspace workspace) {
            return PackedInputs.of(queries, config, workspace);
        }
    };

    /**
     * The most attention scores, {@code A · B · S²} without what is padded, that one run may hold at a time; a batch that
     * has more is run in parts. It bounds memory when one long query stands among many short ones, and the scores of a
     * part stay in cache.
     */
    abstract long mostScores();

    /** How many pieces of memory a run's inputs and output are. */
    abstract int pieces();

    /** The memory they need, in bytes. */
    abstract long bytes(List<Query> queries, RobertaConfig config);

    /** Lays out some queries, not none, in a workspace that has room for them. */
    abstract RunInputs of(List<Query> queries, RobertaConfig config, Workspace workspace);
}
