#!/usr/bin/env python3
"""Exact-span evaluation, the protocol of `metaie evaluate`: every record, every label asked, arg-max tags.
  evaluate.py CHECKPOINT FILE... [--limit SENTENCES] [--bf16]        prints a JSON line a file: micro precision, recall, F1, support, unreachable."""
import itertools, json, os, sys
import torch
from transformers import RobertaForTokenClassification
from train_meta import Encoder, pad, spans_of
from words import words

@torch.no_grad()
def evaluate_file(model, encoder, path, tokens=8192, bf16=False, limit=10**9):
    """limit: sentences, from the top of the file."""
    model.eval(); rows, unreachable, support = [], 0, 0
    for line in itertools.islice(open(path, encoding="utf8"), limit):
        r = json.loads(line); ws = words(r["text"])
        starts = {s for _, s, _ in ws}; ends = {e for _, _, e in ws}
        for label in dict.fromkeys(r["labels"]):
            gold = {(s["start"], s["end"]) for s in r["spans"] if s["label"] == label}
            support += len(gold); unreachable += sum(a not in starts or b not in ends for a, b in gold)
            if ws: rows.append((encoder.row(label, [w for w, _, _ in ws]), ws, gold))
    rows.sort(key=lambda r: len(r[0][0])); tp = predicted = k = 0
    while k < len(rows):
        n = max(1, tokens // len(rows[min(k + 64, len(rows) - 1)][0][0])); part = rows[k:k + min(n, 256)]; k += len(part)
        ids = pad([r[0][0] for r in part], encoder.pad, max(len(r[0][0]) for r in part))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            best = model(input_ids=ids, attention_mask=(ids != encoder.pad).long()).logits.float().argmax(-1).tolist()
        for tags, ((_, _, firsts), ws, gold) in zip(best, part):
            got = {(ws[i][1], ws[j - 1][2]) for i, j in spans_of([tags[f] for f in firsts])}
            tp += len(got & gold); predicted += len(got)
    model.train()
    p, r = tp / max(predicted, 1), tp / max(support, 1)
    return {"precision": p, "recall": r, "f1": 2 * p * r / max(p + r, 1e-12), "support": support, "unreachable": unreachable, "rows": len(rows)}

if __name__ == "__main__":
    limit = int(sys.argv[sys.argv.index("--limit") + 1]) if "--limit" in sys.argv else 10**9
    encoder = Encoder(sys.argv[1]); model = RobertaForTokenClassification.from_pretrained(sys.argv[1], dtype=torch.float32)
    for path in [a for a in sys.argv[2:] if a.endswith(".jsonl")]:
        result = evaluate_file(model, encoder, path, bf16="--bf16" in sys.argv, limit=limit)
        print(json.dumps({"file": os.path.basename(path)} | {k: round(v, 5) for k, v in result.items()}), flush=True)
