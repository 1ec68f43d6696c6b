package io.metaie.cli;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.onnx.BertConverter;
import io.metaie.onnx.GraphFile;
import io.metaie.onnx.Precision;
import io.metaie.onnx.RobertaGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code convert}: a BERT encoder's ONNX file to a checkpoint, a checkpoint to the ONNX graph used here, or a checkpoint
 * made ready for 8-bit integers.
 */
@Command(
        name = "convert",
        description = "Makes a RoBERTa checkpoint of a BERT encoder's ONNX file, to train from; writes the ONNX graph that"
                + " this program runs for a checkpoint; or makes a checkpoint ready for metaie.precision=int8.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "--calibrate writes int8.json into the checkpoint's directory. metaie.precision=auto takes int8 only if",
            "--verify has shown that F1 falls by no more than 0.5 points on the mean and 1.5 on any file, and if the",
            "processor is faster at it."
        })
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

    @Option(names = "--out", paramLabel = "DIR|FILE.onnx",
            description = "The checkpoint directory, or the ONNX file, to write.")
    private Optional<Path> out = Optional.empty();

    /** The graphs that can be written. */
    enum Kind {
        FP32, FP16
    }

    @Option(names = "--precision", paramLabel = "fp32|fp16", defaultValue = "FP32",
            description = "With --out FILE.onnx: the processor's graph in fp32 (the default), or a GPU's in fp16.")
    private Kind precision;

    @Option(names = "--calibrate", paramLabel = "FILE",
            description = "Annotated examples like those the checkpoint was trained on, but none to evaluate on; some hundred of"
                    + " them are looked at.")
    private Optional<Path> calibrate = Optional.empty();

    @Option(names = "--verify", paramLabel = "FILE", arity = "1..*",
            description = "With --calibrate: examples to measure F1 on, in fp32 and in int8; the first 500 of each file.")
    private List<Path> verify = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        check();
        String written = out.map(Path::toString).orElse(ActivationRanges.FILE);
        try {
            if (source.bert != null) {
                BertConverter.convert(source.bert, out.orElseThrow());
                terminal.message(written + ": an encoder with a classifier that has learned nothing yet; train it with"
                        + " 'metaie train --backbone " + written + "'");
                return 0;
            }
            if (calibrate.isPresent()) {
                new Int8Conversion(terminal).run(source.checkpoint, calibrate.get(), verify);
            }
            if (out.isPresent()) {
                Checkpoint checkpoint = Checkpoint.open(source.checkpoint);
                GraphFile.write(precision == Kind.FP16
                        ? RobertaGraph.packed(checkpoint, Precision.FP16)
                        : RobertaGraph.ragged(checkpoint), out.get());
                terminal.message(written + ": the graph of " + source.checkpoint);
            }
            return 0;
        } catch (CheckpointException e) {
            throw new CommandException(source.bert == null ? e.getMessage() : source.bert + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException("cannot write " + written + ": " + e, e);
        }
    }

    private void check() {
        if (source.bert != null && (out.isEmpty() || calibrate.isPresent())) {
            throw new ParameterException(spec.commandLine(), "--bert needs --out, and nothing else");
        }
        if (out.isEmpty() && calibrate.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--checkpoint needs --out or --calibrate");
        }
        if (calibrate.isEmpty() && !verify.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--verify goes with --calibrate");
        }
    }
}
