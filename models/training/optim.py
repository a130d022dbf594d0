"""Optimisers and the learning rate's course."""
from __future__ import annotations

import math
from collections import defaultdict

import torch
import torch.nn as nn


class Muon(torch.optim.Muon):
    """torch's Muon with its parameters, its state and its update (nesterov, learning rate matched to AdamW's), but for
    the type that it orthogonalises in: torch's takes bf16 always, which processors without bf16 arithmetic emulate.
    There it took two thirds of the training time; f32 takes a twentieth. Matrices of one shape go together.
    """

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    shapes[p.shape].append(p)
            for (rows, columns), parameters in shapes.items():
                updates = []
                for p in parameters:
                    buffer = self.state[p].setdefault("momentum_buffer", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    updates.append(p.grad.lerp(buffer, group["momentum"]))
                stacked = orthogonalise(torch.stack(updates), group["ns_coefficients"], group["ns_steps"], group["eps"])
                rate = group["lr"] * 0.2 * math.sqrt(max(rows, columns))
                for p, update in zip(parameters, stacked):
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(update, alpha=-rate)


def orthogonalise(
    matrices: torch.Tensor, coefficients: tuple[float, float, float], steps: int, eps: float
) -> torch.Tensor:
    """Newton-Schulz iteration towards the nearest orthogonal matrices. matrices: [count, rows, columns], any strides;
    the result has the same shape, in bf16 on a GPU, else in f32."""
    a, b, c = coefficients
    wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if wide else matrices.mT
    x = x.to(torch.bfloat16 if x.device.type == "cuda" else torch.float32)
    x = x / x.norm(dim=(-2, -1), keepdim=True).clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x if wide else x.mT


def make_optimisers(model: nn.Module, muon_rate: float, adam_rate: float, decay: float) -> list[torch.optim.Optimizer]:
    """Muon on the matrices of the layers, AdamW on everything else (embeddings, norms); only what is trainable."""
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    matrices = [p for name, p in trained if p.dim() == 2 and "embed_tokens" not in name]
    others = [p for name, p in trained if p.dim() != 2 or "embed_tokens" in name]
    optimisers: list[torch.optim.Optimizer] = []
    if matrices:
        optimisers.append(
            Muon(matrices, lr=muon_rate, weight_decay=decay, momentum=0.95, adjust_lr_fn="match_rms_adamw")
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
