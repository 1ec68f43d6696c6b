"""ONNX Runtime from Python on a graph exported by PyTorch: sorted by length, batches of 32; fp32 with the runtime's
fusions, or int8 with its dynamic quantisation (whose answers depend on batch-mates: the price of its speed)."""
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from peer import THREADS, Peer, padded

BATCH = 32


def export(directory, target):
    from transformers import RobertaForTokenClassification

    model = RobertaForTokenClassification.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.tensor([[101, 2000, 2001, 102], [101, 2003, 2004, 102]])
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(model, (ids, torch.ones_like(ids)), target, input_names=["ids", "mask"], output_names=["logits"],
                      dynamic_axes={"ids": axes, "mask": axes, "logits": axes}, opset_version=17, dynamo=False)


class OnnxRuntime(Peer):
    int8 = sys.argv[3] == "int8"

    def load(self):
        cache = Path(sys.argv[4])
        path = cache / "fp32.onnx"
        if not path.exists():
            export(self.model_directory, str(path))
        if self.int8:
            from onnxruntime.quantization import QuantType, quantize_dynamic

            fp32, path = path, cache / "int8.onnx"
            if not path.exists():
                quantize_dynamic(str(fp32), str(path), weight_type=QuantType.QInt8, per_channel=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def answer(self, queries):
        rows = [self.encode(words) for words in queries]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at][0]))
        answers = [None] * len(rows)
        for at in range(0, len(order), BATCH):
            part = order[at:at + BATCH]
            ids, mask = padded([rows[row][0] for row in part], self.pad)
            logits = self.session.run(["logits"], {"ids": ids.numpy(), "mask": mask.numpy()})[0]
            for row, found in zip(part, np.argmax(logits, -1)):
                answers[row] = self.spans([found[first] for first in rows[row][1]])
        return answers


OnnxRuntime(*sys.argv[1:3]).serve()
