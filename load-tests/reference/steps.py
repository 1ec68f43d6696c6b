#!/usr/bin/env python3
"""Training steps as train_meta.py takes them, on batches another process gives, to compare speed.

  steps.py ENCODER THREADS
First line of the input: {"pad", "batches": [{"ids": [[...]], "targets": [[...]]}]}; then a line for each turn. After each line it answers
with one: "ready", then the seconds that all batches took, one step each."""
import json, sys, time
import torch
from transformers import RobertaForTokenClassification
from train_meta import IGNORE, pad

torch.set_num_threads(int(sys.argv[2])); torch.manual_seed(1)
model = RobertaForTokenClassification.from_pretrained(sys.argv[1], num_labels=3, dtype=torch.float32, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
given = json.loads(sys.stdin.readline())

def step(batch):
    width = max(len(row) for row in batch["ids"])
    ids = pad(batch["ids"], given["pad"], width); targets = pad(batch["targets"], IGNORE, width)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(input_ids=ids, attention_mask=(ids != given["pad"]).long()).logits
        loss = torch.nn.functional.cross_entropy(logits.float().view(-1, 3), targets.view(-1), ignore_index=IGNORE)
    loss.backward(); torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); optimizer.step(); optimizer.zero_grad(set_to_none=True)
    return loss.item()

print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    for batch in given["batches"]: step(batch)
    print(time.perf_counter() - start, flush=True)
