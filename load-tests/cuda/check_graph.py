"""Checks the GPU's graph as far as it can be checked without a GPU.

    ./metaie convert --checkpoint DIR --precision fp16 --out graph.onnx
    python check_graph.py graph.onnx cases.json config.json      # pip install numpy onnx onnxruntime

1. ONNX's checker and its shape inference accept the graph.
2. ONNX Runtime resolves its types and shapes; on a processor it then lacks PackedMultiHeadAttention, and nothing else.
3. With that operator computed here, as its documentation describes it, the graph gives the logits that Hugging Face
   transformers gave for the cases, all of them in one batch.
"""
import json
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

PACKED = "PackedMultiHeadAttention"


def session(model):
    options = ort.SessionOptions()
    options.log_severity_level = 4
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def pieces(model):
    """Runs the graph with attention computed here: cuts it at every PackedMultiHeadAttention."""
    cut = onnx.ModelProto()
    cut.CopyFrom(model)
    del cut.graph.node[:]
    attentions = []
    for node in model.graph.node:
        if node.op_type == PACKED:
            attentions.append(node)
            cut.graph.input.append(helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT16, ["T", "H"]))
            for name in node.input[:3]:
                cut.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT16, ["T", "H"]))
        else:
            cut.graph.node.append(node)
    return session(cut), attentions


def attend(query, key, value, offsets, starts, heads):
    """[T, H] each -> [T, H]: every sequence by itself, as offsets and starts tell it."""
    tokens, hidden = query.shape
    batch, slots = offsets.shape
    place = offsets.reshape(-1)[:tokens]

    def padded(rows):
        full = np.zeros((batch * slots, hidden), np.float32)
        full[place] = rows
        return full.reshape(batch, slots, heads, hidden // heads).transpose(0, 2, 1, 3)

    lengths = starts[1:] - starts[:-1]
    scores = padded(query) @ padded(key).transpose(0, 1, 3, 2) * (hidden // heads) ** -0.5
    scores = np.where(np.arange(slots)[None, None, None, :] < lengths[:, None, None, None], scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    context = (weights @ padded(value)).transpose(0, 2, 1, 3).reshape(batch * slots, hidden)
    return context[place]


def logits(model, inputs, heads):
    run, attentions = pieces(model)
    hidden = next(i for i in model.graph.initializer if i.name == "roberta.embeddings.LayerNorm.bias").dims[0]
    known = {a.output[0]: np.zeros((len(inputs["tokens"]), hidden), np.float16) for a in attentions}
    feeds = {i.name for i in run.get_inputs()}
    for a in attentions:  # one more layer is right after each round
        q, k, v = run.run(list(a.input[:3]), {n: x for n, x in {**inputs, **known}.items() if n in feeds})
        known[a.output[0]] = attend(*(x.astype(np.float32) for x in (q, k, v)), inputs["offsets"], inputs["starts"],
                                    heads).astype(np.float16)
    return run.run(["logits"], {n: x for n, x in {**inputs, **known}.items() if n in feeds})[0]


def packed(cases, pad):
    cases = sorted(cases, key=lambda c: -len(c["input_ids"]))
    longest = len(cases[0]["input_ids"])
    lengths = [len(c["input_ids"]) for c in cases]
    starts = np.cumsum([0] + lengths).astype(np.int32)
    filled = [i * longest + s for i, n in enumerate(lengths) for s in range(n)]
    empty = [i * longest + s for i, n in enumerate(lengths) for s in range(n, longest)]
    return cases, {
        "tokens": np.array([t for c in cases for t in c["input_ids"]], np.int32),
        "positions": np.array([pad + 1 + s for n in lengths for s in range(n)], np.int32),
        "offsets": np.array(filled + empty, np.int32).reshape(len(cases), longest),
        "starts": starts,
        "words": np.array([starts[i] + f for i, c in enumerate(cases) for f in c["first"]], np.int32),
    }


def main(graph, cases, config):
    model = onnx.load(graph)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=False)
    print(f"checker and shape inference: accepted, {len(model.graph.node)} nodes, "
          f"{len(inferred.graph.value_info)} shapes inferred")
    try:
        session(model)
        print("ONNX Runtime: the processor runs it all")
    except Exception as e:  # noqa: BLE001 - its classes are not public
        assert "NOT_IMPLEMENTED" in str(e) and PACKED in str(e), e
        print("ONNX Runtime: types and shapes resolved;", str(e).split(" : ")[-1].strip())
    config = json.load(open(config))
    order = [int(k) for name in "BIO" for k, v in config["id2label"].items() if v == name]
    cases, inputs = packed(json.load(open(cases)), config["pad_token_id"])
    found = logits(model, inputs, config["num_attention_heads"])
    expected = np.concatenate([np.array(c["logits"])[:, order] for c in cases])
    print(f"logits of {len(cases)} cases in one batch of {len(inputs['tokens'])} tokens: largest difference "
          f"{np.abs(found - expected).max():.1e}; the same tag for {(found.argmax(1) == expected.argmax(1)).mean():.2%}"
          f" of {len(found)} words")


main(*sys.argv[1:])
