"""The loop of the paper's own code: transformers, one query at a time, fp32."""
import sys

import torch
from peer import THREADS, Peer
from transformers import RobertaForTokenClassification


class PaperLoop(Peer):
    def load(self):
        torch.set_num_threads(THREADS)
        self.model = RobertaForTokenClassification.from_pretrained(self.model_directory, dtype=torch.float32).eval()

    @torch.no_grad()
    def answer(self, queries):
        answers = []
        for words in queries:
            ids, firsts = self.encode(words)
            tags = self.model(input_ids=torch.tensor([ids])).logits.argmax(-1)[0].tolist()
            answers.append(self.spans([tags[at] for at in firsts]))
        return answers


PaperLoop(*sys.argv[1:3]).serve()
