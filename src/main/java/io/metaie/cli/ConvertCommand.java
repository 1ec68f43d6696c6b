package io.metaie.cli;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.onnx.BertConverter;
import io.metaie.onnx.GraphFile;
import io.metaie.onnx.RobertaGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code convert}: a BERT encoder's ONNX file to a checkpoint, or a checkpoint to the ONNX graph used here. */
@Command(
        name = "convert",
        description = "Makes a RoBERTa checkpoint of a BERT encoder's ONNX file, to train from; or writes the ONNX graph that"
                + " this program runs for a checkpoint.",
        mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {

    private final Terminal terminal;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** What is converted. */
    private static final class Source {

        @Option(names = "--bert", paramLabel = "FILE.onnx|FILE.jar", required = true,
                description = "A BERT encoder as PyTorch exports it, with tokenizer.json beside it or in the same jar.")
        private Path bert;

        @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "A checkpoint directory.")
        private Path checkpoint;
    }

    @Option(names = "--out", paramLabel = "DIR|FILE.onnx", required = true,
            description = "The checkpoint directory, or the ONNX file, to write.")
    private Path out;

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            if (source.bert != null) {
                BertConverter.convert(source.bert, out);
                terminal.message(out + ": an encoder with a classifier that has learned nothing yet; train it with"
                        + " 'metaie train --backbone " + out + "'");
            } else {
                GraphFile.write(RobertaGraph.ragged(Checkpoint.open(source.checkpoint)), out);
                terminal.message(out + ": the graph of " + source.checkpoint);
            }
            return 0;
        } catch (CheckpointException e) {
            throw new CommandException(source.bert == null ? e.getMessage() : source.bert + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException("cannot convert to " + out + ": " + e, e);
        }
    }
}
