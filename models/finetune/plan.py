"""Which samples make which update: decided before the start from lengths and a seed alone, so that a run goes on
anywhere, and so that several processes share one plan without a word.

Samples of similar length are padded together: a buffer of shuffled samples is sorted and cut into micro-batches of at
most so many tokens, and shuffled micro-batches fill the updates.
"""
from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Sequence

# Updates whose samples are sorted together: padding falls with it, chance in the order too.
BUFFER_UPDATES = 8


@dataclass(frozen=True)
class MicroBatch:
    rows: tuple[int, ...]  # indices of samples
    length: int  # of the longest

    @property
    def padded(self) -> int:
        return len(self.rows) * self.length


Update = tuple[MicroBatch, ...]


def plan_updates(lengths: Sequence[int], batch: int, micro_tokens: int, epochs: int, seed: int) -> list[Update]:
    """Every sample once an epoch; about `batch` samples an update."""
    updates: list[Update] = []
    for epoch in range(epochs):
        rng = random.Random(f"{seed}/{epoch}")
        order = list(range(len(lengths)))
        rng.shuffle(order)
        buffer = batch * BUFFER_UPDATES
        for start in range(0, len(order), buffer):
            micros = cut_micro_batches(order[start : start + buffer], lengths, batch, micro_tokens)
            rng.shuffle(micros)
            updates += fill_updates(micros, batch)
    return updates


def cut_micro_batches(rows: list[int], lengths: Sequence[int], batch: int, micro_tokens: int) -> list[MicroBatch]:
    micros: list[MicroBatch] = []
    group: list[int] = []
    for row in sorted(rows, key=lambda i: (lengths[i], i)):
        if group and (lengths[row] * (len(group) + 1) > micro_tokens or len(group) == batch):
            micros.append(MicroBatch(tuple(group), lengths[group[-1]]))
            group = []
        group.append(row)
    micros.append(MicroBatch(tuple(group), lengths[group[-1]]))
    return micros


def fill_updates(micros: list[MicroBatch], batch: int) -> list[Update]:
    updates: list[Update] = []
    current: list[MicroBatch] = []
    for micro in micros:
        filled = sum(len(each.rows) for each in current)
        if current and filled + len(micro.rows) > batch:
            updates.append(tuple(current))
            current = []
        current.append(micro)
    updates.append(tuple(current))
    return updates


def share_of(update: Update, rank: int, processes: int) -> list[MicroBatch]:
    """A process's part: the largest first, each to whoever has the least."""
    loads = [0] * processes
    mine: list[MicroBatch] = []
    for micro in sorted(update, key=lambda each: (-each.padded, each.rows)):
        to = loads.index(min(loads))
        loads[to] += micro.padded
        if to == rank:
            mine.append(micro)
    return mine


def padding_share(updates: Sequence[Update], lengths: Sequence[int]) -> float:
    padded = sum(micro.padded for update in updates for micro in update)
    real = sum(lengths[row] for update in updates for micro in update for row in micro.rows)
    return 1 - real / padded
