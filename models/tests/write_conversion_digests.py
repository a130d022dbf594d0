"""Writes what src/cli/convert.test.ts expects into src/weights/fixtures/conversions.json: for each of its synthetic
models the digest of the weights that peft merges in f32 and of the records that numpy computes from them.

    python tests/write_conversion_digests.py            # in models/; needs torch, transformers, peft and Node
"""
from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import peft
import torch
import transformers

from mlc_reference import mlc_records

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "src/weights/fixtures/conversions.json"
QUANTIZATIONS = ["q4f16_1", "q4f32_1", "q0f16", "q0f32"]


def digest(records: dict[str, bytes]) -> str:
    """Over names (each ended by a zero byte) and bytes, sorted by name."""
    whole = hashlib.sha256()
    for name, data in sorted(records.items()):
        whole.update(name.encode() + b"\0")
        whole.update(data)
    return whole.hexdigest()


def expected(case: dict, folder: Path) -> dict[str, str]:
    base = folder / "base"
    options = {"sizes": json.dumps(case["sizes"]), "seed": case["seed"], "dtype": case["dtype"], "shard-bytes": case["shardBytes"]}
    words = [word for name, value in {**options, "adapter": case["rank"], "alpha": case["alpha"], "out": base}.items() for word in (f"--{name}", str(value))]
    subprocess.run(["node", "--import", "tsx", "scripts/synthetic-model.ts", *words], cwd=ROOT, check=True, capture_output=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    merged = peft.PeftModel.from_pretrained(model, f"{base}-adapter").merge_and_unload().state_dict()
    config = json.loads((base / "config.json").read_text())
    weights = {name: p.numpy() for name, p in merged.items() if name != "lm_head.weight" or not config["tie_word_embeddings"]}
    digests = {"merged": digest({name: value.tobytes() for name, value in weights.items()})}
    for quantization in QUANTIZATIONS:
        for storage in ("bf16", "f32"):
            digests[f"{quantization} {storage}"] = digest(mlc_records(weights, config, quantization, storage))
    return digests


def main() -> None:
    fixture = json.loads(FIXTURE.read_text())
    for case in fixture["cases"]:
        with tempfile.TemporaryDirectory() as folder:
            fixture["digests"][case["name"]] = expected(case, Path(folder))
    FIXTURE.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
