"""A lean Qwen3 with tied embeddings for training and batched decoding.

The mathematics and the parameter names are those of transformers' Qwen3ForCausalLM (tests/test_model.py compares the
logits), so a checkpoint is an ordinary Hugging Face folder and peft's LoRA finds its target modules. It is lean because
at two million parameters the framework's bookkeeping costs more than the arithmetic.
"""
from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

# A KV cache: per layer a pair of tensors [batch, kv_heads, capacity, head_dim].
Cache = list[tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class ModelConfig:
    """Sizes, in the names of Hugging Face's Qwen3Config."""

    vocab_size: int
    hidden_size: int = 192
    num_hidden_layers: int = 4
    num_attention_heads: int = 6
    num_key_value_heads: int = 2
    head_dim: int = 32
    intermediate_size: int = 512
    rope_theta: float = 10000.0
    max_position_embeddings: int = 4096
    rms_norm_eps: float = 1e-6

    def to_hf(self, eos: int, pad: int) -> dict:
        """The content of config.json."""
        return {
            "architectures": ["Qwen3ForCausalLM"],
            "model_type": "qwen3",
            **asdict(self),
            "rope_scaling": None,
            "hidden_act": "silu",
            "attention_bias": False,
            "attention_dropout": 0.0,
            "tie_word_embeddings": True,
            "use_cache": True,
            "use_sliding_window": False,
            "sliding_window": None,
            "max_window_layers": self.num_hidden_layers,
            "initializer_range": 0.02,
            "bos_token_id": None,
            "eos_token_id": eos,
            "pad_token_id": pad,
        }

    @staticmethod
    def from_hf(config: dict) -> "ModelConfig":
        return ModelConfig(**{name: config[name] for name in ModelConfig.__dataclass_fields__})


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.eps)


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary position embedding, halves layout. x [..., head_dim], cos and sin [..., head_dim / 2]."""
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Attention(nn.Module):
    def __init__(self, c: ModelConfig):
        super().__init__()
        self.c = c
        queries, pairs = c.num_attention_heads * c.head_dim, c.num_key_value_heads * c.head_dim
        self.q_proj = nn.Linear(c.hidden_size, queries, bias=False)
        self.k_proj = nn.Linear(c.hidden_size, pairs, bias=False)
        self.v_proj = nn.Linear(c.hidden_size, pairs, bias=False)
        self.o_proj = nn.Linear(queries, c.hidden_size, bias=False)
        self.q_norm = RmsNorm(c.head_dim, c.rms_norm_eps)
        self.k_norm = RmsNorm(c.head_dim, c.rms_norm_eps)

    def project(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """x [batch, length, hidden] to queries, keys, values [batch, heads, length, head_dim], rotated."""
        c = self.c
        shape = (*x.shape[:2], -1, c.head_dim)
        q = rotate(self.q_norm(self.q_proj(x).view(shape)), cos, sin)
        k = rotate(self.k_norm(self.k_proj(x).view(shape)), cos, sin)
        return q.transpose(1, 2), k.transpose(1, 2), self.v_proj(x).view(shape).transpose(1, 2)

    def join(self, heads: torch.Tensor) -> torch.Tensor:
        batch, _, length, _ = heads.shape
        return self.o_proj(heads.transpose(1, 2).reshape(batch, length, -1))

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        q, k, v = self.project(x, cos, sin)
        return self.join(F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True))


class Mlp(nn.Module):
    def __init__(self, c: ModelConfig):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c: ModelConfig):
        super().__init__()
        self.self_attn = Attention(c)
        self.mlp = Mlp(c)
        self.input_layernorm = RmsNorm(c.hidden_size, c.rms_norm_eps)
        self.post_attention_layernorm = RmsNorm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """What Hugging Face calls `model`: embeddings, layers, the last norm."""

    def __init__(self, c: ModelConfig):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocab_size, c.hidden_size)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.num_hidden_layers))
        self.norm = RmsNorm(c.hidden_size, c.rms_norm_eps)


class PocketModel(nn.Module):
    def __init__(self, c: ModelConfig):
        super().__init__()
        self.config = c
        self.model = Decoder(c)
        frequency = c.rope_theta ** (-torch.arange(0, c.head_dim, 2).float() / c.head_dim)
        angles = torch.outer(torch.arange(c.max_position_embeddings).float(), frequency)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        self._initialise()

    def _initialise(self) -> None:
        # Variance-preserving matrices, outputs scaled down by depth; embeddings small because the head is tied to them.
        for name, p in self.named_parameters():
            if "embed_tokens" in name:
                nn.init.normal_(p, std=0.02)
            elif p.dim() == 2:
                depth = math.sqrt(2 * self.config.num_hidden_layers) if ("o_proj" in name or "down_proj" in name) else 1.0
                nn.init.normal_(p, std=p.shape[1] ** -0.5 / depth)

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """ids [batch, length] to the last hidden states [batch, length, hidden]; padding stands on the right."""
        x = self.model.embed_tokens(ids)
        length = ids.shape[1]
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        cos, sin = self.cos[:length, None].to(x.dtype), self.sin[:length, None].to(x.dtype)
        for layer in self.model.layers:
            x = layer(x, cos, sin)
        return self.model.norm(x)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.linear(hidden, self.model.embed_tokens.weight.to(hidden.dtype)).float()

    def loss(self, ids: torch.Tensor, positions: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Weighted mean of the cross-entropy at the given flat positions of ids [batch, length]; targets are the tokens
        that follow them."""
        hidden = self.hidden(ids).reshape(-1, self.config.hidden_size)[positions]
        each = F.cross_entropy(self.logits(hidden), targets, reduction="none")
        return (each * weights).sum() / weights.sum()

    # ---- decoding of many conversations at once, each at its own length

    def empty_cache(self, batch: int, capacity: int) -> Cache:
        c, weight = self.config, self.model.embed_tokens.weight
        shape = (batch, c.num_key_value_heads, capacity, c.head_dim)
        return [(weight.new_zeros(shape), weight.new_zeros(shape)) for _ in range(c.num_hidden_layers)]

    @torch.no_grad()
    def extend(self, cache: Cache, start: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Appends ids [rows, n] (padded on the right) to caches that hold start [rows] tokens; hidden states [rows, n, hidden].

        What a padding token writes is overwritten by the next call and never attended to before.
        """
        c = self.config
        rows, n = ids.shape
        positions = start[:, None] + torch.arange(n, device=ids.device)
        length = int(positions.max()) + 1
        x = self.model.embed_tokens(ids)
        cos, sin = self.cos[positions][:, :, None].to(x.dtype), self.sin[positions][:, :, None].to(x.dtype)
        visible = (torch.arange(length, device=ids.device)[None, None] <= positions[:, :, None])[:, None]
        row = torch.arange(rows, device=ids.device)[:, None]
        for layer, (keys, values) in zip(self.model.layers, cache):
            q, k, v = layer.self_attn.project(layer.input_layernorm(x), cos, sin)
            keys[row, :, positions] = k.transpose(1, 2)
            values[row, :, positions] = v.transpose(1, 2)
            seen_keys, seen_values = keys[:, :, :length], values[:, :, :length]
            if n == 1:  # the query heads of a group become rows of one product: the cache isn't repeated
                grouped = q.reshape(rows, c.num_key_value_heads, -1, c.head_dim)
                heads = F.scaled_dot_product_attention(grouped, seen_keys, seen_values, attn_mask=visible)
                heads = heads.reshape(rows, c.num_attention_heads, 1, c.head_dim)
            else:
                heads = F.scaled_dot_product_attention(q, seen_keys, seen_values, attn_mask=visible, enable_gqa=True)
            x = x + layer.self_attn.join(heads)
            x = x + layer.mlp(layer.post_attention_layernorm(x))
        return self.model.norm(x)


def save_model(model: PocketModel, folder: Path, eos: int, pad: int, dtype: torch.dtype = torch.float32) -> None:
    """Writes model.safetensors, config.json and generation_config.json, as transformers would."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: p.detach().to("cpu", dtype).contiguous() for name, p in model.named_parameters()}
    temporary = folder / "model.safetensors.new"
    save_file(state, temporary, metadata={"format": "pt"})
    temporary.chmod(0o644)  # safetensors writes files that only their owner can read
    temporary.replace(folder / "model.safetensors")
    config = {**model.config.to_hf(eos, pad), "dtype": str(dtype).removeprefix("torch.")}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    generation = {"do_sample": False, "eos_token_id": eos, "pad_token_id": pad, "max_new_tokens": 64}
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=1) + "\n")


def load_model(folder: Path) -> PocketModel:
    model = PocketModel(ModelConfig.from_hf(json.loads((folder / "config.json").read_text())))
    state = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
    model.load_state_dict(state)
    return model
