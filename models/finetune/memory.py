"""How much memory a run will take, said before it starts; a run that can't fit is refused.

The formula, in bytes: weights of the base; 16 for each parameter of the adapter (f32 weight, gradient, two moments);
for each token of a micro-batch the layers' inputs and one layer's inside (all layers' without checkpointing), and what
the way back through a layer takes; the logits of one piece of the head; a tenth on top, and what CUDA or the process
itself takes. The factors were fitted to peaks measured on a CPU (models/README.md).
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from .model import PIECE, TARGETS
from .refusal import Refusal

CUDA_BYTES = 800_000_000
# Logits, their f32 copy, log-probabilities and two gradients.
HEAD_BYTES = 16
PROCESS_BYTES = 800_000_000  # Python, torch and transformers on a CPU


@dataclass(frozen=True)
class Sizes:
    """What of a model the estimate needs."""

    parameters: int
    adapter: int
    layers: int
    hidden: int
    feed_forward: int
    attention: int  # query, key and value dimensions together
    vocabulary: int


def sizes_of(base: str, rank: int) -> Sizes:
    """Read off the model without its weights."""
    try:
        config = AutoConfig.from_pretrained(base)
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config)
    except (OSError, ValueError) as error:
        raise Refusal(f"{base}: The base model can't be read: {str(error).splitlines()[0]}") from error
    text = config.get_text_config()
    projections = {
        name: module for name, module in model.named_modules()
        if name.split(".")[-1] in TARGETS and isinstance(module, torch.nn.Linear)
    }
    if not projections:
        raise Refusal(f"{base}: The model has none of the projections {', '.join(TARGETS)}.")
    outputs = sum(m.out_features for name, m in projections.items() if not name.endswith("o_proj"))
    return Sizes(
        parameters=sum(p.numel() for p in model.parameters()),
        adapter=rank * sum(m.in_features + m.out_features for m in projections.values()),
        layers=text.num_hidden_layers, hidden=text.hidden_size, feed_forward=text.intermediate_size,
        attention=outputs // text.num_hidden_layers, vocabulary=text.vocab_size,
    )


@dataclass(frozen=True)
class Estimate:
    weights: int
    adapter: int
    activations: int
    head: int
    rest: int

    @property
    def total(self) -> int:
        return self.weights + self.adapter + self.activations + self.head + self.rest

    def __str__(self) -> str:
        parts = ("weights", "adapter", "activations", "head", "rest")
        return f"{giga(self.total)}: " + ", ".join(f"{name} {giga(getattr(self, name))}" for name in parts)


def giga(count: float) -> str:
    return f"{count / 1e9:.2f} GB"


def estimate(sizes: Sizes, dtype_bytes: int, micro_tokens: int, checkpointing: bool, cuda: bool) -> Estimate:
    inside = dtype_bytes * (12 * sizes.hidden + 5 * sizes.feed_forward + 3 * sizes.attention)
    layer_inputs = dtype_bytes * sizes.layers * sizes.hidden
    way_back = inside * 3 // 4
    a_token = (layer_inputs + inside if checkpointing else sizes.layers * inside) + way_back
    weights = dtype_bytes * sizes.parameters
    adapter = 16 * sizes.adapter
    activations = micro_tokens * a_token
    head = min(PIECE, micro_tokens) * sizes.vocabulary * HEAD_BYTES
    tenth = (weights + adapter + activations + head) // 10
    return Estimate(weights, adapter, activations, head, tenth + (CUDA_BYTES if cuda else PROCESS_BYTES))


def free_bytes(device: torch.device) -> int:
    """Of the device; on a CPU what the system calls available."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise Refusal("The system doesn't say how much memory is free.")


def require(needed: Estimate, free: int, micro_tokens: int) -> None:
    if needed.total > free:
        raise Refusal(
            f"The run will need about {needed} of memory, and {giga(free)} are free. "
            f"Take a smaller --micro-tokens than {micro_tokens} or another device (--force starts all the same)."
        )
