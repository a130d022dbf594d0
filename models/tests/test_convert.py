"""`duomem merge` and `duomem convert` against peft and numpy, on small Qwen3 models made by transformers: the merged
weights equal merge_and_unload's to the bit, the quantised words and scales equal the independent numpy computation."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch (models/requirements.txt)")
peft = pytest.importorskip("peft", reason="needs peft (models/requirements.txt)")
transformers = pytest.importorskip("transformers", reason="needs transformers (models/requirements.txt)")

from mlc_reference import dequantise, mlc_parameters, mlc_records, quantise, read_checkpoint, read_mlc_folder

ROOT = Path(__file__).resolve().parents[2]
# name: config, dtype, size of a shard (None: one file), rank, alpha
MODELS = {
    "tied, f32, one file": (dict(tie_word_embeddings=True), torch.float32, None, 4, 8),
    "untied, bf16, shards": (dict(tie_word_embeddings=False), torch.bfloat16, "20KB", 8, 16),
    "untied, f16, a tensor a shard": (dict(tie_word_embeddings=False), torch.float16, "1KB", 3, 4),
    "tied, f32, odd sizes": (
        dict(tie_word_embeddings=True, hidden_size=72, intermediate_size=104, head_dim=12, vocab_size=131), torch.float32, "9KB", 5, 8,
    ),
}


def duomem(*words: str | Path) -> dict:
    command = ["node", "--import", "tsx", "src/cli/main.ts", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module", params=MODELS)
def model(request, tmp_path_factory):
    """A base, its adapter, and the weights that peft merges in f32."""
    change, dtype, shard, rank, alpha = MODELS[request.param]
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(len(request.param))
    sizes = dict(
        vocab_size=160, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, max_position_embeddings=512, eos_token_id=2, pad_token_id=0,
    )
    config = transformers.Qwen3Config(**{**sizes, **change})
    base = transformers.Qwen3ForCausalLM(config).eval()
    with torch.no_grad():
        for p in base.parameters():
            p.copy_(torch.randn_like(p) * (0.02 if p.dim() == 2 else 0.1) + (p.dim() == 1))
    base = base.to(dtype)
    base.save_pretrained(folder / "base", **({} if shard is None else {"max_shard_size": shard}))
    (folder / "base" / "tokenizer.json").write_text(
        '{"decoder": {"type": "ByteLevel"}, "model": {"vocab": {"<|im_start|>": 1, "<|im_end|>": 2}}}'
    )
    adapted = peft.get_peft_model(
        transformers.Qwen3ForCausalLM.from_pretrained(folder / "base", dtype=torch.float32),
        peft.LoraConfig(r=rank, lora_alpha=alpha, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]),
    )
    with torch.no_grad():
        for name, p in adapted.named_parameters():
            if "lora_" in name:
                p.copy_(0.05 * torch.randn_like(p))
    adapted.save_pretrained(folder / "adapter")
    reread = peft.PeftModel.from_pretrained(
        transformers.Qwen3ForCausalLM.from_pretrained(folder / "base", dtype=torch.float32), folder / "adapter"
    )
    merged = {name: p.detach().numpy() for name, p in reread.merge_and_unload().state_dict().items()}
    if config.tie_word_embeddings:
        merged.pop("lm_head.weight", None)
    return folder, json.loads((folder / "base" / "config.json").read_text()), merged


def test_merged_weights_are_pefts(model) -> None:
    folder, _, merged = model
    duomem("merge", "--base", folder / "base", "--adapter", folder / "adapter", "--storage", "f32", "--out", folder / "merged")
    ours = read_checkpoint(folder / "merged")
    assert ours.keys() == merged.keys()
    changed = 0
    for name, expected in merged.items():
        assert np.array_equal(ours[name].view(np.uint32), np.ascontiguousarray(expected).view(np.uint32)), name
        changed += not np.array_equal(expected, read_checkpoint(folder / "base")[name])
    assert changed == 12  # q, k, v, o of three layers
    loaded = transformers.Qwen3ForCausalLM.from_pretrained(folder / "merged", dtype=torch.float32)
    ids = torch.arange(40)[None] % 100
    with torch.no_grad():
        assert torch.isfinite(loaded(ids).logits).all()


@pytest.mark.parametrize(
    ("quantization", "storage"),
    [("q4f16_1", "bf16"), ("q0f16", "bf16"), ("q4f32_1", "bf16"), ("q4f32_1", "f32"), ("q0f32", "bf16"), ("q0f32", "f32")],
)
def test_records_are_numpys(model, quantization: str, storage: str) -> None:
    folder, config, merged = model
    out = folder / f"{quantization}-{storage}"
    duomem(
        "convert", "--base", folder / "base", "--adapter", folder / "adapter", "--quantization", quantization, "--f32", storage,
        "--out", out,
    )
    expected = mlc_records(merged, config, quantization, storage)
    found = read_mlc_folder(out)
    assert found.keys() == expected.keys()
    for name, data in expected.items():
        assert found[name] == data, name


def test_what_is_quantised_comes_back(model) -> None:
    """Statistics of the error: for a normal distribution in groups of 32, about a tenth of the weights' size."""
    _, config, merged = model
    for name, weights in mlc_parameters(merged, config).items():
        if weights.ndim != 2:
            continue
        words, scales = quantise(weights, np.float16)
        error = dequantise(words, scales, weights.shape[1]) - weights
        assert 0.07 < np.linalg.norm(error) / np.linalg.norm(weights) < 0.13, name
        assert np.abs(error).max() <= 0.51 * scales.max(), name
