"""Writes what src/kernels is tested with: logits of transformers' Qwen3 and Llama at ten random shapes, and what the
pocket student says greedily to stored prompts.

    python -m training.kernel_fixtures ../src/kernels/fixtures

Weights of the random models aren't stored: `weight` makes them from their names, here and in src/testing/random-model.ts
alike. The prompts are turns of conversations in generated homes.
"""
from __future__ import annotations

import base64
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

from .environment import Environment
from .tokenizer import PocketTokenizer

POCKET = Path(__file__).resolve().parents[1] / "pocket"
PROMPTS, GREEDY, LONGEST = 200, 16, 900
# Vocabulary, hidden, layers, heads, KV heads, head size, feed-forward, RoPE theta, tied, tokens of the prompt.
SHAPES = {
    "qwen3": [
        (97, 48, 3, 6, 2, 16, 64, 1e4, True, 90),
        (50, 32, 2, 4, 4, 8, 40, 500.0, False, 300),
        (736, 64, 1, 3, 1, 32, 128, 1e6, True, 129),
        (130, 96, 5, 8, 1, 24, 56, 1e5, True, 17),
        (41, 24, 2, 5, 5, 40, 72, 1e4, False, 128),
    ],
    "llama": [
        (96, 72, 3, 9, 3, 8, 192, 1e5, True, 260),
        (513, 40, 2, 2, 1, 64, 16, 1e4, False, 5),
        (100, 128, 1, 4, 2, 128, 88, 1e4, True, 40),
        (33, 8, 4, 1, 1, 8, 8, 10.0, True, 200),
        (200, 56, 2, 14, 2, 16, 104, 1e4, False, 64),
    ],
}


def hashed(name: str, count: int) -> np.ndarray:
    """32 bits for each index, from the name alone: FNV-1a of the name, then murmur's last steps."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 % 2**32
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed)
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
        return x ^ (x >> np.uint32(16))


def weight(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Norms around 1, matrices so that a product keeps the size of what goes in."""
    uniform = (hashed(name, int(np.prod(shape))) >> np.uint32(8)).astype(np.float32) * np.float32(2**-24) - np.float32(0.5)
    if len(shape) == 1:
        return (np.float32(1) + uniform).reshape(shape)
    return (uniform * np.float32(4 if "embed" in name else 4 / np.sqrt(shape[1]))).reshape(shape)


def encode(values: torch.Tensor) -> str:
    return base64.b64encode(values.detach().numpy().astype("<f4").tobytes()).decode()


def build(kind: str, shape: tuple, name: str):
    vocabulary, hidden, layers, heads, kv_heads, head_size, feed_forward, theta, tied, _ = shape
    sizes = dict(
        vocab_size=vocabulary, hidden_size=hidden, intermediate_size=feed_forward, num_hidden_layers=layers,
        num_attention_heads=heads, num_key_value_heads=kv_heads, head_dim=head_size, max_position_embeddings=384,
        rms_norm_eps=1e-6, tie_word_embeddings=tied, rope_parameters={"rope_type": "default", "rope_theta": theta},
        eos_token_id=2, bos_token_id=None, pad_token_id=0,
    )
    model = Qwen3ForCausalLM(Qwen3Config(**sizes)) if kind == "qwen3" else LlamaForCausalLM(LlamaConfig(**sizes))
    with torch.no_grad():
        for tensor, p in model.named_parameters():
            p.copy_(torch.from_numpy(weight(f"{name}/{tensor}", tuple(p.shape))))
    return model.eval()


@torch.no_grad()
def random_models() -> list[dict]:
    models = []
    for kind, shapes in SHAPES.items():
        for i, shape in enumerate(shapes):
            name = f"{kind}/{i}"
            prompt = hashed(f"{name}/prompt", shape[-1]) % np.uint32(shape[0])
            logits = build(kind, shape, name)(torch.from_numpy(prompt.astype(np.int64))[None]).logits[0]
            vocabulary, hidden, layers, heads, kv_heads, head_size, feed_forward, theta, tied, _ = shape
            models.append({
                "name": name, "norms": kind == "qwen3", "tied": tied, "prompt": prompt.tolist(), "logits": encode(logits[-3:]),
                "dimensions": {
                    "vocabulary": vocabulary, "hidden": hidden, "feedForward": feed_forward, "layers": layers, "heads": heads,
                    "kvHeads": kv_heads, "headSize": head_size, "ropeTheta": theta, "normEpsilon": 1e-6, "contextLimit": 384,
                },
            })
    return models


def prompts() -> list[list[int]]:
    """Of each conversation what stands before one of its replies, earlier and later ones by turns."""
    tokenizer = PocketTokenizer(POCKET)
    environment = Environment(None, {"seed": "kernel fixtures", "official": 0.0})
    found: list[list[int]] = []
    while len(found) < PROMPTS:
        for conversation in environment.conversations(40):
            messages = [tuple(message) for message in conversation["messages"] if message[0] != "system"]
            replies = [i for i, message in enumerate(messages) if message[0] == "assistant"]
            at = replies[len(found) % len(replies)]
            ids = [i for turn in tokenizer.turns(messages[:at]) for i in turn] + tokenizer.roles["assistant"]
            if len(ids) <= LONGEST and len(found) < PROMPTS:
                found.append(ids)
    environment.close()
    return found


@torch.no_grad()
def greedy(model, prompt: list[int]) -> list[int]:
    ids, cache, out = torch.tensor([prompt]), None, []
    for _ in range(GREEDY):
        step = model(ids, past_key_values=cache, use_cache=True)
        cache, ids = step.past_key_values, step.logits[:, -1:].argmax(-1)
        out.append(int(ids))
    return out


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "random-models.json").write_text(json.dumps({"models": random_models()}) + "\n")
    model = Qwen3ForCausalLM.from_pretrained(POCKET, dtype=torch.float32).eval()
    cases = [{"prompt": prompt, "greedy": greedy(model, prompt)} for prompt in prompts()]
    content = json.dumps({"cases": cases}, separators=(",", ":")).encode()
    (folder / "greedy.json.gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    torch.manual_seed(0)
    main(Path(sys.argv[1]))
