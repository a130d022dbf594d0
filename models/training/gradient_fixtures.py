"""Writes what the training kernels are tested with: losses and gradients of LoRA adapters that torch computes in f64 on
transformers' Qwen3 and Llama at the ten random shapes of kernel_fixtures, and ten steps of AdamW on the pocket student.
Random models can be so far from any trained one that no f32 computes their gradients: torch's own f32 has to.

    python -m training.gradient_fixtures ../src/kernels/fixtures

Weights, adapters, tokens and what is learnt of them are made from names, here and in the test alike.
"""
from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from peft import LoraConfig, inject_adapter_in_model
from transformers import Qwen3ForCausalLM

from .kernel_fixtures import POCKET, SHAPES, build, encode, hashed, weight

ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
FEED_FORWARD = ["gate_proj", "up_proj", "down_proj"]
# Rank, alpha, projections, lengths of the sequences of each shape, in the order of SHAPES.
ADAPTERS = [
    (4, 8.0, ATTENTION, [90, 33]),
    (2, 3.0, ATTENTION + FEED_FORWARD, [300, 2]),
    (8, 16.0, ["q_proj", "v_proj"], [129]),
    (1, 1.0, ATTENTION + FEED_FORWARD, [17, 8, 31]),
    (3, 6.0, FEED_FORWARD, [128, 7]),
    (9, 4.0, ["k_proj", "down_proj"], [260]),
    (2, 4.0, ATTENTION + FEED_FORWARD, [5, 64]),
    (5, 10.0, ["o_proj", "up_proj"], [40, 161]),
    (8, 8.0, ATTENTION + FEED_FORWARD, [200]),
    (2, 2.0, ["v_proj", "gate_proj"], [64, 65]),
]
# Times what `weight` gives: adapters are small beside what they are added to.
SIZE = 0.25
# How far torch's f32 may be from its f64, as a share of the gradient's length.
NOISE = 3e-5
STEPS, RATE, CLIP, BETAS = 10, 3e-3, 0.5, (0.9, 0.95)


def sequence(name: str, length: int, vocabulary: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens, and the indices of those that are learnt: about a third, the last one always."""
    tokens = (hashed(f"{name}/tokens", length) % np.uint32(vocabulary)).astype(np.int64)
    chosen = hashed(f"{name}/learnt", length) % np.uint32(3) == 0
    chosen[0], chosen[-1] = False, True
    return torch.from_numpy(tokens), torch.from_numpy(np.flatnonzero(chosen))


def adapt(model: torch.nn.Module, name: str, rank: int, alpha: float, targets: list[str]) -> dict[str, torch.nn.Parameter]:
    """Adds an adapter whose numbers are made from the modules' names; its tensors by `module/down` and `module/up`."""
    for p in model.parameters():
        p.requires_grad_(False)
    inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, bias="none", target_modules=targets), model)
    trained = {}
    for module, layer in model.named_modules():
        if not hasattr(layer, "lora_A"):
            continue
        for part, linear in (("down", layer.lora_A["default"]), ("up", layer.lora_B["default"])):
            p = linear.weight
            with torch.no_grad():
                p.copy_(SIZE * torch.from_numpy(weight(f"{name}/{module}/{part}", tuple(p.shape))))
            trained[f"{module}/{part}"] = p
    return trained


def batch_loss(model: torch.nn.Module, batch: list[tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
    """The mean cross-entropy of all that is learnt."""
    total = sum(F.cross_entropy(model(tokens[None]).logits[0, learnt - 1], tokens[learnt], reduction="sum") for tokens, learnt in batch)
    return total / sum(len(learnt) for _, learnt in batch)


def gradients() -> list[dict]:
    shapes = [(f"{kind}/{i}", kind, shape) for kind, group in SHAPES.items() for i, shape in enumerate(group)]
    cases = []
    for (name, kind, shape), (rank, alpha, targets, lengths) in zip(shapes, ADAPTERS):
        batch = [sequence(f"{name}/{i}", length, shape[0]) for i, length in enumerate(lengths)]
        model = build(kind, shape, name)
        trained = adapt(model, name, rank, alpha, targets)
        batch_loss(model, batch).backward()
        rough = {tensor: p.grad.double() for tensor, p in trained.items()}
        model.zero_grad()
        model.double()
        loss = batch_loss(model, batch)
        loss.backward()
        for tensor, p in trained.items():
            noise = float((rough[tensor] - p.grad).norm() / p.grad.norm())
            assert noise < NOISE, f"{name} {tensor}: torch's f32 is {noise:.1e} off"
        cases.append({
            "model": name, "rank": rank, "alpha": alpha, "targets": targets, "lengths": lengths, "loss": float(loss.detach()),
            "gradients": {tensor: encode(p.grad) for tensor, p in trained.items()},
        })
    return cases


def steps() -> dict:
    """Ten batches of two sequences each; torch's own AdamW and clipping."""
    rank, alpha, targets, lengths = 8, 16.0, ATTENTION + FEED_FORWARD, [150, 90]
    model = Qwen3ForCausalLM.from_pretrained(POCKET, dtype=torch.float32).train()
    trained = adapt(model, "steps", rank, alpha, targets)
    optimiser = torch.optim.AdamW(trained.values(), lr=RATE, betas=BETAS, weight_decay=0.01)
    losses, norms = [], []
    for step in range(STEPS):
        optimiser.zero_grad()
        batch = [sequence(f"steps/{step}/{i}", length, 736) for i, length in enumerate(lengths)]
        loss = batch_loss(model, batch)
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained.values(), CLIP)))
        losses.append(float(loss.detach()))
        optimiser.step()
    kept = {tensor: encode(p) for tensor, p in trained.items() if ".layers.0.self_attn.q" in tensor or ".layers.3.mlp.down" in tensor}
    return {
        "rank": rank, "alpha": alpha, "targets": targets, "lengths": lengths, "rate": RATE, "clip": CLIP, "decay": 0.01,
        "losses": losses, "norms": norms, "after": kept,
    }


def main(folder: Path) -> None:
    content = json.dumps({"gradients": gradients(), "steps": steps()}, separators=(",", ":")).encode()
    (folder / "gradients.json.gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    torch.manual_seed(0)
    main(Path(sys.argv[1]))
