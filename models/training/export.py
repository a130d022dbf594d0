"""Writes a checkpoint as it ships: weights rounded to f16, tokenizer, and the self-test's vectors.

    python -m training.export --model RUN --games G --out models/pocket
    npm run -s duomem -- merge --base models/pocket --out models/pocket --force   (model_fp16.onnx)

The self-test is run on every device before a student plays: `prompt` must give `logits` at its last position (within
`tolerance`), and greedy decoding must go on with `greedy`. All three come from transformers' own Qwen3ForCausalLM.
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
from pathlib import Path

import torch
from transformers import Qwen3ForCausalLM

from .environment import Environment
from .model import load_model, save_model
from .tokenizer import PocketTokenizer

GREEDY = 48
TOLERANCE = 0.02


@torch.no_grad()
def self_test(folder: Path, prompts: list[list[int]]) -> dict:
    model = Qwen3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    cases = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        logits = model(ids).logits[0, -1].float().numpy().astype("<f4")
        for _ in range(GREEDY):
            following = model(ids).logits[0, -1].argmax()
            ids = torch.cat((ids, following.view(1, 1)), 1)
        cases.append({
            "prompt": prompt,
            "logits": base64.b64encode(logits.tobytes()).decode(),
            "greedy": ids[0, len(prompt):].tolist(),
        })
    return {"version": 1, "dtype": "float32, little-endian, base64", "tolerance": TOLERANCE, "cases": cases}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--games", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = PocketTokenizer(args.model)
    model = load_model(args.model)
    save_model(model, args.out, tokenizer.turn_end, tokenizer.pad, torch.float16)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if (args.model / name).resolve() != (args.out / name).resolve():
            shutil.copyfile(args.model / name, args.out / name)
    environment = Environment(args.games, {"seed": "self-test", "official": 1.0})
    prompts = []
    for memory in ("none", "memp"):
        messages = [tuple(m) for m in environment.begin(1, memory, 4)[0]["messages"]]
        prompts.append([i for turn in tokenizer.turns(messages) for i in turn] + tokenizer.roles["assistant"])
    environment.close()
    assert all(len(prompt) >= 64 for prompt in prompts)
    (args.out / "self-test.json").write_text(json.dumps(self_test(args.out, prompts)) + "\n")
    files = sorted(p for p in args.out.iterdir() if p.is_file() and p.suffix != ".onnx")
    hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    print(json.dumps({"parameters": model.parameter_count(), "bytes": sum(p.stat().st_size for p in files), "sha256": hashes}))


if __name__ == "__main__":
    main()
