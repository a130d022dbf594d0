"""Several processes of one thread each with averaged gradients: on busy cores faster than one process with several
threads, which wait for each other in every operation. One process alone, or a GPU, needs none of this."""
from __future__ import annotations

from pathlib import Path

import torch
import torch.distributed as dist


class Group:
    def __init__(self, rank: int, size: int, rendezvous: Path | None):
        self.rank = rank
        self.size = size
        if size > 1:
            assert rendezvous is not None
            dist.init_process_group("gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=size)

    def share_parameters(self, model: torch.nn.Module) -> None:
        """Everybody starts from the first process's parameters."""
        if self.size > 1:
            for p in model.parameters():
                dist.broadcast(p.data, 0)

    def average(self, parameters: list[torch.nn.Parameter], loss: float, tokens: int) -> tuple[float, int]:
        """Averages the gradients in place; gives the mean loss and the sum of tokens, the same in every process."""
        if self.size == 1:
            return loss, tokens
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        flat = torch.cat([g.reshape(-1) for g in gradients] + [torch.tensor([loss, float(tokens)])])
        dist.all_reduce(flat)
        at = 0
        for p, g in zip(parameters, gradients):
            p.grad = (flat[at : at + g.numel()] / self.size).view_as(g)
            at += g.numel()
        return float(flat[-2]) / self.size, int(flat[-1])
