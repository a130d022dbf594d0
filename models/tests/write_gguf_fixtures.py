"""Writes what src/weights/gguf is tested with: a file with a tensor of every type, digests of what the Python package
gguf makes of them, and a tiny Llama with a tokenizer and what transformers, which reads the file, computes with it.

    python tests/write_gguf_fixtures.py            # in models/; needs gguf 0.19, torch, transformers
"""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

FOLDER = Path(__file__).resolve().parents[2] / "src/weights/fixtures/gguf"
TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"]
TEXTS = [
    "Put a cool mug 12 in the coffeemachine 1.", "  10 x  ", "It's 12,345.67 \u2014 na\u00efve caf\u00e9\n\n\t x  y",
    "\u65e5\u672c\u8a9e \u0663\u0664 \u00bd ", "don't we'LL 'S  \u00a0 \ufeff z", " \U0001f642\U0001f642 \r\n a_b--c", "",
]


def types(path: Path) -> dict[str, str]:
    """Random rows, some of zeros, some large and small, as the package quantises them."""
    rng = np.random.default_rng(5)
    writer = gguf.GGUFWriter(path, "llama")
    digests = {}
    for name in TYPES:
        values = (rng.standard_normal((6, 96)) * 10.0 ** rng.integers(-3, 3, (6, 1))).astype(np.float32)
        values[2] = 0
        data = values if name == "F32" else gguf.quantize(values, Type[name])
        writer.add_tensor(name, data, raw_dtype=Type[name])
        back = gguf.dequantize(data, Type[name]).astype(np.float32)
        digests[name] = hashlib.sha256(back.tobytes()).hexdigest()
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return digests


def byte_characters() -> list[str]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def vocabulary() -> tuple[list[str], list[str]]:
    """Three marks, all bytes, and merges that a text of games calls for."""
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *byte_characters()]
    merges = []
    for merge in ["t h", "th e", "\u0120 m", "\u0120m u", "\u0120mu g", "o o", "c oo", "coo l", "\u0120 \u0120", "i n", "\u0120 in",
                  "\u0120 the", "c o", "u t", "P ut", "\u00c3 \u00a9"]:
        merges.append(merge)
        tokens.append(merge.replace(" ", ""))
    return tokens, merges


TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nBe brief."
    "<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def tiny(path: Path) -> dict:
    rng = np.random.default_rng(6)
    hidden, heads, kv, width, inner, layers = 64, 4, 2, 16, 96, 2
    tokens, merges = vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(layers)
    writer.add_context_length(512)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv)
    writer.add_rope_freq_base(500.0)
    writer.add_rope_dimension_count(width)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * (len(tokens) - 3))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)

    def matrix(name: str, rows: int, columns: int, kind: str) -> None:
        values = (0.3 * rng.standard_normal((rows, columns))).astype(np.float32)
        writer.add_tensor(f"{name}.weight", values if kind == "F32" else gguf.quantize(values, Type[kind]), raw_dtype=Type[kind])

    def norm(name: str) -> None:
        writer.add_tensor(f"{name}.weight", (1 + 0.3 * rng.standard_normal(hidden)).astype(np.float32))

    matrix("token_embd", len(tokens), hidden, "Q8_0")
    for i in range(layers):
        norm(f"blk.{i}.attn_norm")
        matrix(f"blk.{i}.ffn_down", hidden, inner, "Q5_1")
        matrix(f"blk.{i}.ffn_gate", inner, hidden, "Q4_0")
        matrix(f"blk.{i}.ffn_up", inner, hidden, "Q5_0")
        norm(f"blk.{i}.ffn_norm")
        matrix(f"blk.{i}.attn_k", kv * width, hidden, "Q4_1")
        matrix(f"blk.{i}.attn_output", hidden, heads * width, "BF16")
        matrix(f"blk.{i}.attn_q", heads * width, hidden, "Q4_1")
        matrix(f"blk.{i}.attn_v", kv * width, hidden, "F16")
    norm("output_norm")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
    prompt = torch.from_numpy(rng.integers(0, len(tokens), (1, 80)))
    with torch.no_grad():
        logits = model(prompt).logits[0, -1]
    weights = {name: hashlib.sha256(value.numpy().tobytes()).hexdigest() for name, value in model.state_dict().items() if name != "lm_head.weight"}
    return {"prompt": prompt[0].tolist(), "logits": logits.tolist(), "weights": weights, "tokens": tokens_of(tokens, merges)}


def tokens_of(tokens: list[str], merges: list[str]) -> list[list]:
    """As Hugging Face's tokenizers cut and merge with the rules that SmolLM's own tokenizer.json has."""
    from tokenizers import AddedToken, decoders, models, pre_tokenizers
    pairs = [tuple(merge.split(" ")) for merge in merges]
    tokenizer = Tokenizer(models.BPE({text: i for i, text in enumerate(tokens)}, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in tokens[:3]])
    return [[text, tokenizer.encode(text, add_special_tokens=False).ids] for text in TEXTS]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    digests = types(FOLDER / "types.gguf")
    answers = tiny(FOLDER / "tiny-llama.gguf")
    (FOLDER / "answers.json").write_text(json.dumps({"types": digests, **answers}) + "\n")


if __name__ == "__main__":
    main()
