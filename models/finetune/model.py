"""The base with its adapter, and the loss at the tokens that are learnt.

The logits of a large vocabulary would take more memory than everything else: only the learnt positions go through the
head, in pieces that are computed again on the way back. Rows are padded on the right, where a causal model never looks
from, so no mask is needed and attention takes its fast path.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from peft import LoraConfig, PeftModel, get_peft_model
from torch.utils.checkpoint import checkpoint
from transformers import AutoModelForCausalLM

from .encode import Encoded
from .refusal import Refusal

# The paper's adapter: attention projections, which gives its 5.9 M parameters at r = 8 for Qwen3-4B.
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]
# Learnt positions whose logits exist at once.
PIECE = 512


def lora_config(rank: int, dropout: float) -> LoraConfig:
    """alpha = 2 r, as in all of the paper's runs."""
    return LoraConfig(
        r=rank, lora_alpha=2 * rank, lora_dropout=dropout, bias="none", target_modules=TARGETS, task_type="CAUSAL_LM"
    )


def load_adapted(base: str, rank: int, dropout: float, dtype: torch.dtype, seed: int, checkpointing: bool,
                 device: torch.device = torch.device("cpu")) -> PeftModel:
    """The frozen base in `dtype`, a fresh adapter in f32; read straight onto a GPU, past the main memory."""
    place = {} if device.type == "cpu" else {"device_map": {"": device}}
    try:
        model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, attn_implementation="sdpa", **place)
    except (OSError, ValueError) as error:
        raise Refusal(f"{base}: The base model can't be loaded: {str(error).splitlines()[0]}") from error
    model.config.use_cache = False
    if checkpointing:
        model.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    torch.manual_seed(seed)
    try:
        adapted = get_peft_model(model, lora_config(rank, dropout))
    except ValueError as error:
        raise Refusal(f"{base}: The adapter does not fit this model: {str(error).splitlines()[0]}") from error
    adapted.peft_config["default"].base_model_name_or_path = base
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    adapted.train()
    return adapted


def trained_parameters(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def collate(rows: list[Encoded], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """ids [rows, length]; flat positions whose next token is learnt; those next tokens."""
    length = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), length), pad, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
    positions = np.concatenate([i * length + row.learnt.astype(np.int64) - 1 for i, row in enumerate(rows)])
    targets = np.concatenate([row.ids[row.learnt].astype(np.int64) for row in rows])
    return torch.from_numpy(ids), torch.from_numpy(positions), torch.from_numpy(targets)


class Loss:
    """Sum of the negative log-likelihoods of the learnt tokens."""

    def __init__(self, model: PeftModel):
        self.inner: Any = model.get_base_model()
        self.head = self.inner.get_output_embeddings()
        self.cap = getattr(self.inner.config.get_text_config(), "final_logit_softcapping", None)
        self.whole = False

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        if self.whole:
            logits = self.inner(input_ids=ids, use_cache=False).logits.flatten(0, 1)[positions]
            return F.cross_entropy(logits.float(), targets, reduction="sum")
        hidden = self.inner.get_decoder()(input_ids=ids, use_cache=False).last_hidden_state.flatten(0, 1)[positions]
        total = hidden.new_zeros((), dtype=torch.float32)
        for i in range(0, len(targets), PIECE):
            total = total + checkpoint(self.piece, hidden[i : i + PIECE], targets[i : i + PIECE], use_reentrant=False)
        return total

    def piece(self, hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        logits = self.head(hidden).float()
        if self.cap is not None:
            logits = self.cap * torch.tanh(logits / self.cap)
        return F.cross_entropy(logits, targets, reduction="sum")

    @torch.no_grad()
    def check(self, ids: torch.Tensor, positions: torch.Tensor, targets: torch.Tensor) -> bool:
        """Compares with the model's own logits once. A model that does more behind its decoder than this knows is
        trained with all logits: slower and larger, but right. Returns whether the short way holds."""
        short = self(ids, positions, targets).item()
        self.whole = True
        full = self(ids, positions, targets).item()
        self.whole = abs(short - full) > 0.02 * abs(full)
        return not self.whole


def save_adapter(model: PeftModel, folder: Path) -> None:
    """PEFT's own files; the folder appears only when it is whole."""
    temporary = folder.with_name(folder.name + ".part")
    model.save_pretrained(temporary)
    (temporary / "README.md").unlink(missing_ok=True)
    if folder.exists():
        for file in temporary.iterdir():
            file.replace(folder / file.name)
        temporary.rmdir()
    else:
        temporary.replace(folder)
