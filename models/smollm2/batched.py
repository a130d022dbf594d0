"""SmolLM2 for many conversations at once: training.rollout's player with Llama's layers and SmolLM2's chat template."""
from __future__ import annotations

from typing import Any

import torch
import torch.nn as nn
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from training.model import Cache, ModelConfig, PocketModel
from training.rollout import Episode, Player
from training.tokenizer import Message


class Norm(nn.RMSNorm):
    """Computed in f32, as Llama's is."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.float()).to(x.dtype)


def load_batched(base: str, adapter: str | None, dtype: torch.dtype) -> PocketModel:
    """Qwen3's layers without the norms of queries and keys are Llama's."""
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    if adapter is not None:
        model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    c = model.config
    config = ModelConfig(
        vocab_size=c.vocab_size, hidden_size=c.hidden_size, num_hidden_layers=c.num_hidden_layers,
        num_attention_heads=c.num_attention_heads, num_key_value_heads=c.num_key_value_heads,
        head_dim=c.hidden_size // c.num_attention_heads, intermediate_size=c.intermediate_size,
        rope_theta=c.rope_parameters["rope_theta"], rms_norm_eps=c.rms_norm_eps,
    )
    lean = PocketModel(config)
    for layer in lean.model.layers:
        layer.self_attn.q_norm = layer.self_attn.k_norm = nn.Identity()
    state = {name: value for name, value in model.state_dict().items() if name != "lm_head.weight"}
    lean.load_state_dict(state)
    for module in lean.modules():
        for name, child in module.named_children():
            if type(child).__name__ == "RmsNorm":
                norm = Norm(c.hidden_size, eps=c.rms_norm_eps)
                norm.weight = child.weight
                setattr(module, name, norm)
    return lean.to(dtype).eval().requires_grad_(False)


class ChatTokens:
    """SmolLM2's chat template turn by turn, for training.rollout.Player: the line end behind a turn opens the next one."""

    def __init__(self, base: str):
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.turn_end = self.tokenizer.convert_tokens_to_ids("<|im_end|>")
        self.pad = self.tokenizer.convert_tokens_to_ids("<|endoftext|>")
        self.roles = {"assistant": self.text("\n<|im_start|>assistant\n")}

    def text(self, text: str) -> list[int]:
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def decode(self, ids: list[int]) -> str:
        return self.tokenizer.decode(ids, skip_special_tokens=True)

    def turns(self, messages: list[Message]) -> list[list[int]]:
        return [
            self.text(f"{'' if role == 'system' else chr(10)}<|im_start|>{role}\n{content}<|im_end|>") for role, content, _ in messages
        ]


class DraftingPlayer(Player):
    """Greedy replies with the teacher's as the draft (speculative decoding): what the student would say in the very words
    is read at once, and only the conversations where it says something else are decoded word by word."""

    def replies(self, cache: Cache, active: list[Episode]) -> list[tuple[list[int], bool]]:
        end = self.tokenizer.turn_end
        first = self.feed(cache, active).argmax(-1).tolist()
        drafts = [self.tokenizer.text(e.label or "")[: self.reply] for e in active]
        ids = torch.full((len(active), max(1, *map(len, drafts))), self.tokenizer.pad, dtype=torch.long)
        for row, draft in enumerate(drafts):
            ids[row, : len(draft)] = torch.tensor(draft, dtype=torch.long)
        hidden = self.model.extend(cache, torch.tensor([e.length for e in active]), ids)
        said: list[list[int]] = []
        chosen: list[int] = []
        for row, draft in enumerate(drafts):
            would = [first[row], *self.model.logits(hidden[row, : len(draft)]).argmax(-1).tolist()]
            same = next((i for i, token in enumerate(draft) if would[i] != token), len(draft))
            said.append(draft[:same])
            chosen.append(would[same])
        open_ = [row for row, token in enumerate(chosen) if token != end]
        if open_:
            self.go_on(cache, active, open_, said, chosen)
        for episode, words in zip(active, said):
            episode.length += len(words)
        return [(words, token == end) for words, token in zip(said, chosen)]

    def go_on(self, cache: Cache, active: list[Episode], open_: list[int], said: list[list[int]], chosen: list[int]) -> None:
        """Decodes the open rows to their ends, in a cache of their own that is copied back."""
        end = self.tokenizer.turn_end
        rows = torch.tensor(open_)
        low = min(active[row].length for row in open_)
        own = [(k.index_select(0, rows), v.index_select(0, rows)) for k, v in cache]
        while any(chosen[row] != end and len(said[row]) < self.reply for row in open_):
            # Rows that are done go along: what they write lies behind their end and is overwritten.
            start = torch.tensor([active[row].length + len(said[row]) for row in open_])
            ids = torch.tensor([[chosen[row]] for row in open_])
            following = self.model.logits(self.model.extend(own, start, ids)[:, -1]).argmax(-1).tolist()
            for row, token in zip(open_, following):
                if chosen[row] != end and len(said[row]) < self.reply:
                    said[row].append(chosen[row])
                    chosen[row] = token
        high = max(active[row].length + len(said[row]) for row in open_)
        for (k, v), (own_k, own_v) in zip(cache, own):
            k[rows, :, low:high] = own_k[:, :, low:high]
            v[rows, :, low:high] = own_v[:, :, low:high]
