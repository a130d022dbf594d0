"""Attention over several conversations in one sequence: what all of them open with, then the rest of each.

The first segment looks at itself, every other one at the first and at itself. Rows of queries go in blocks, so that no
score is computed that the causal mask would throw away but those inside a block. The products are plain ones, which on a
processor are faster than torch's fused kernel with a mask.
"""
from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Sequence

import torch
from transformers import AttentionInterface

BLOCK = 160
Segment = tuple[int, int]
_current: list[Sequence[Segment]] = []


@contextmanager
def segments(of: Sequence[Segment]) -> Iterator[None]:
    """Half-open ranges of the sequence that a forward and backward pass inside is laid out in."""
    _current.append(of)
    try:
        yield
    finally:
        _current.pop()


def use_packed_attention(model: Any) -> None:
    AttentionInterface.register("packed", packed_attention)
    model.get_base_model().config._attn_implementation = "packed"


def packed_attention(module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: Any,
                     scaling: float, **_: Any) -> tuple[torch.Tensor, None]:
    _, heads, length, width = query.shape
    shared = key.shape[1]
    q = query[0].reshape(shared, heads // shared, length, width)
    out = Packed.apply(q, key[0], value[0], scaling, _current[-1])
    return out.reshape(heads, length, width).transpose(0, 1)[None], None


class Packed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scaling: float, of: Sequence[Segment]) -> torch.Tensor:
        shared, group, _, width = q.shape
        out = torch.empty_like(q, memory_format=torch.contiguous_format)
        kept = []
        for start, end, rows, keys, values in blocks(q, k, v, of):
            scores = torch.bmm(rows * scaling, keys.transpose(1, 2)).view(shared, group, end - start, -1)
            scores[..., start - end :].masked_fill_(above_diagonal(end - start), float("-inf"))
            weights = torch.softmax(scores, -1).view(shared, group * (end - start), -1)
            out[:, :, start:end] = torch.bmm(weights, values).view(shared, group, end - start, width)
            kept.append(weights)
        ctx.save_for_backward(q, k, v, out, *kept)
        ctx.scaling, ctx.of = scaling, of
        return out

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, None, None]:
        q, k, v, out, *kept = ctx.saved_tensors
        shared, group, _, width = q.shape
        dq, dk, dv = torch.empty_like(out), torch.zeros_like(k), torch.zeros_like(v)
        first = ctx.of[0][1]
        inner = (grad * out).sum(-1, keepdim=True)
        for (start, end, rows, keys, values), weights in zip(blocks(q, k, v, ctx.of), kept):
            size = end - start
            g = grad[:, :, start:end].reshape(shared, group * size, width)
            add(dv, torch.bmm(weights.transpose(1, 2), g), first, end)
            scores = torch.bmm(g, values.transpose(1, 2))
            scores.sub_(inner[:, :, start:end].reshape(shared, group * size, 1)).mul_(weights)
            dq[:, :, start:end] = torch.bmm(scores, keys).view(shared, group, size, width).mul_(ctx.scaling)
            add(dk, torch.bmm(scores.transpose(1, 2), rows).mul_(ctx.scaling), first, end)
        return dq, dk, dv, None, None


def above_diagonal(size: int) -> torch.Tensor:
    return torch.ones(size, size, dtype=torch.bool).triu(1)


def add(to: torch.Tensor, part: torch.Tensor, first: int, end: int) -> None:
    """The first segment's keys stand in front, those of the block's own segment behind them."""
    shared = min(part.shape[1], first)
    to[:, :shared] += part[:, :shared]
    if part.shape[1] > first:
        to[:, end - (part.shape[1] - first) : end] += part[:, first:]


def blocks(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, of: Sequence[Segment]) -> Iterator[Any]:
    """Start, end, queries, and the keys and values that are seen, for each block."""
    shared, group, _, width = q.shape
    first = of[0][1]
    for index, (begin, stop) in enumerate(of):
        keys, values = (part[:, :stop] if index == 0 else torch.cat([part[:, :first], part[:, begin:stop]], 1) for part in (k, v))
        before = 0 if index == 0 else first
        for start in range(begin, stop, BLOCK):
            end = min(start + BLOCK, stop)
            seen = before + end - begin
            rows = q[:, :, start:end].reshape(shared, group * (end - start), width)
            yield start, end, rows, keys[:, :seen], values[:, :seen]
