"""What every peer in Python shares: the corpus, the queries, reading tags, and the protocol with the program that runs
them: `ready`, then for every line `SENTENCES LABELS` on standard input one line of JSON with the seconds it took.

A sentence is its words, as the paper's code has them; a query is `<label words> : <sentence words>`. Splitting text into
words is left out for all peers: tokenising is not."""
import json
import sys
import time

import torch
from tokenizers import Tokenizer

THREADS = 2


class Peer:
    def __init__(self, model, corpus):
        self.model_directory = model
        config = json.load(open(f"{model}/config.json"))
        self.pad = config["pad_token_id"]
        self.bos = config["bos_token_id"]
        self.eos = config["eos_token_id"]
        self.b = next(int(i) for i, name in config["id2label"].items() if name.upper().startswith("B"))
        self.i = next(int(i) for i, name in config["id2label"].items() if name.upper().startswith("I"))
        self.tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        data = json.load(open(corpus))
        self.sentences, self.labels = data["sentences"], data["labels"]
        self.load()

    def load(self):
        """Opens the model."""
        raise NotImplementedError

    def answer(self, queries):
        """Spans of each query, in order."""
        raise NotImplementedError

    def encode(self, words):
        encoding = self.tokenizer.encode([" " + w for w in words], is_pretokenized=True, add_special_tokens=False)
        firsts, before = [], None
        for at, word in enumerate(encoding.word_ids):
            if word != before:
                firsts.append(at + 1)
                before = word
        return [self.bos, *encoding.ids, self.eos], firsts

    def spans(self, tags):
        found, start = [], None
        for at, tag in enumerate([*tags, None]):
            if start is not None and tag != self.i:
                found.append((start, at))
                start = None
            if tag == self.b:
                start = at
        return found

    def queries(self, sentences, labels):
        for sentence in self.sentences[:sentences]:
            for label in self.labels[:labels]:
                yield [*label.split(" "), ":", *sentence]

    def serve(self):
        self.answer(list(self.queries(8, 4)))
        print("ready", flush=True)
        for line in sys.stdin:
            sentences, labels = map(int, line.split())
            start = time.perf_counter()
            spans = self.answer(list(self.queries(sentences, labels)))
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "spans": sum(map(len, spans))}), flush=True)


def padded(rows, pad):
    longest = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    return ids, (ids != pad).long()
