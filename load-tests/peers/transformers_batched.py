"""transformers with what a careful user does: all queries sorted by length, batches of 32, fp32 or bf16 autocast."""
import sys

import torch
from peer import THREADS, Peer, padded
from transformers import RobertaForTokenClassification

BATCH = 32


class Batched(Peer):
    bf16 = sys.argv[3] == "bf16"

    def load(self):
        torch.set_num_threads(THREADS)
        self.model = RobertaForTokenClassification.from_pretrained(self.model_directory, dtype=torch.float32).eval()

    @torch.no_grad()
    def answer(self, queries):
        rows = [self.encode(words) for words in queries]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at][0]))
        answers = [None] * len(rows)
        for at in range(0, len(order), BATCH):
            part = order[at:at + BATCH]
            ids, mask = padded([rows[row][0] for row in part], self.pad)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
                tags = self.model(input_ids=ids, attention_mask=mask).logits.argmax(-1).tolist()
            for row, found in zip(part, tags):
                answers[row] = self.spans([found[first] for first in rows[row][1]])
        return answers


Batched(*sys.argv[1:3]).serve()
