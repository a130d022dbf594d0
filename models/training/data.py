"""Batches of conversations: fetched from the environment in the background, sorted by length within a buffer."""
from __future__ import annotations

import queue
import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Iterator

import numpy as np
import torch

from .environment import Environment
from .tokenizer import Encoded, PocketTokenizer


@dataclass(frozen=True)
class Batch:
    ids: torch.Tensor  # [rows, length], padded on the right
    positions: torch.Tensor  # flat positions whose next token is learnt
    targets: torch.Tensor  # those next tokens
    weights: torch.Tensor  # how much they count
    tokens: int  # without padding


def make_batch(rows: list[Encoded], pad: int, multiple: int = 32) -> Batch:
    """Pads to a multiple, so that few lengths occur."""
    longest = max(len(row.ids) for row in rows)
    length = (longest + multiple - 1) // multiple * multiple
    ids = np.full((len(rows), length), pad, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
    positions = np.concatenate([i * length + row.learnt.astype(np.int64) - 1 for i, row in enumerate(rows)])
    targets = np.concatenate([row.ids[row.learnt].astype(np.int64) for row in rows])
    weights = np.concatenate([row.weights for row in rows])
    tokens = sum(len(row.ids) for row in rows)
    arrays = (torch.from_numpy(each) for each in (ids, positions, targets, weights))
    return Batch(*arrays, tokens)


def cut_batches(rows: list[Encoded], size: int, rng: random.Random, pad: int) -> Iterator[Batch]:
    """All rows once, in batches of about `size` tokens with padding, similar lengths together, in random order."""
    ordered = sorted(rows, key=lambda row: len(row.ids))
    groups: list[list[Encoded]] = []
    group: list[Encoded] = []
    for row in ordered:
        if group and len(row.ids) * (len(group) + 1) > size:
            groups.append(group)
            group = []
        group.append(row)
    if len(group) == 1 and groups:  # a batch of one would be compiled once more
        groups[-1].append(group[0])
    elif group:
        groups.append(group)
    rng.shuffle(groups)
    for each in groups:
        yield make_batch(each, pad)


class ConversationSource:
    """An endless supply of encoded conversations; a thread keeps `ahead` of them ready."""

    def __init__(self, environment: Environment, tokenizer: PocketTokenizer, least_mark: int, longest: int,
                 context_weight: float = 0.0, ahead: int = 1024):
        self.environment = environment
        self.tokenizer = tokenizer
        self.least_mark = least_mark
        self.longest = longest
        self.context_weight = context_weight
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()  # the environment answers one request at a time
        self.ready: queue.Queue[Encoded] = queue.Queue(ahead)
        self.failure: BaseException | None = None
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        try:
            while True:
                with self.lock:
                    made = self.environment.conversations(64)
                for conversation in made:
                    encoded = self.tokenizer.chat(conversation["messages"], self.least_mark, self.context_weight)
                    self.counts[f"{conversation['configuration']}/{conversation['relevance']}"] += 1
                    if len(encoded.ids) > self.longest or len(encoded.learnt) == 0:
                        self.counts["too long"] += 1
                        continue
                    self.ready.put(encoded)
        except BaseException as failure:  # handed to the training loop, which would wait for ever otherwise
            self.failure = failure

    def take(self, count: int) -> list[Encoded]:
        taken: list[Encoded] = []
        while len(taken) < count:
            try:
                taken.append(self.ready.get(timeout=5))
            except queue.Empty:
                if self.failure is not None:
                    raise self.failure
        return taken
