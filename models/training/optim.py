"""Optimisers and the learning rate's course."""
from __future__ import annotations

import torch
import torch.nn as nn


def make_optimisers(model: nn.Module, muon_rate: float, adam_rate: float, decay: float) -> list[torch.optim.Optimizer]:
    """Muon on the matrices of the layers, AdamW on everything else (embeddings, norms); only what is trainable."""
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    matrices = [p for name, p in trained if p.dim() == 2 and "embed_tokens" not in name]
    others = [p for name, p in trained if p.dim() != 2 or "embed_tokens" in name]
    optimisers: list[torch.optim.Optimizer] = []
    if matrices:
        optimisers.append(
            torch.optim.Muon(matrices, lr=muon_rate, weight_decay=decay, momentum=0.95, adjust_lr_fn="match_rms_adamw")
        )
    if others:
        optimisers.append(torch.optim.AdamW(others, lr=adam_rate, betas=(0.9, 0.95), weight_decay=0.0))
    remember_rates(optimisers)
    return optimisers


def make_adapter_optimisers(model: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """AdamW for LoRA: its factors are thin, orthogonalising them is no use."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimisers: list[torch.optim.Optimizer] = [torch.optim.AdamW(trained, lr=rate, betas=(0.9, 0.95), weight_decay=0.0)]
    remember_rates(optimisers)
    return optimisers


def remember_rates(optimisers: list[torch.optim.Optimizer]) -> None:
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]


def rate_factor(step: int, done: float, warmup: int, decay: float) -> float:
    """Linear warm-up over steps, then full rate, then linearly down to 2 % over the last `decay` of the run.

    done: share of the run that lies behind, 0 to 1.
    """
    return min(1.0, (step + 1) / warmup) * min(1.0, max(0.02, (1.0 - done) / decay))


def set_rates(optimisers: list[torch.optim.Optimizer], factor: float) -> None:
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor
