"""`duomem distil` against peft: the adapter loads, merges to the same logits as `duomem merge`, and is what it was
trained to be: the trajectory is likelier than before."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs torch (models/requirements.txt)")
peft = pytest.importorskip("peft", reason="needs peft (models/requirements.txt)")
transformers = pytest.importorskip("transformers", reason="needs transformers (models/requirements.txt)")

from training.tokenizer import PocketTokenizer

ROOT = Path(__file__).resolve().parents[2]
POCKET = ROOT / "models" / "pocket"


def duomem(*words: str | Path) -> dict:
    command = ["node", "--import", "tsx", "src/cli/main.ts", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@torch.no_grad()
def test_peft_loads_the_adapter_and_merges_it_as_duomem_does(tmp_path):
    duomem("generate", "--homes", 1, "--tasks-per-home", 1, "--seed", 5, "--out", tmp_path / "games")
    duomem("collect", "--games", tmp_path / "games", "--split", "homes", "--out", tmp_path / "t.jsonl")
    words = ["--rank", 3, "--alpha", 5, "--rate", 0.01, "--steps", 4, "--batch", 1, "--old", 0]
    duomem("distil", "--trajectories", tmp_path / "t.jsonl", *words, "--out", tmp_path / "adapter")
    duomem("merge", "--base", POCKET, "--adapter", tmp_path / "adapter", "--storage", "f32", "--jobs", 1, "--out", tmp_path / "merged")
    load = lambda folder: transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    adapted = peft.PeftModel.from_pretrained(load(POCKET), tmp_path / "adapter")
    duomem("conversations", "--trajectories", tmp_path / "t.jsonl", "--out", tmp_path / "c.jsonl")
    messages = json.loads((tmp_path / "c.jsonl").read_text().splitlines()[0])["messages"]
    encoded = PocketTokenizer(POCKET).chat([tuple(message) for message in messages], 1)
    ids, learnt = torch.tensor(encoded.ids.astype(int))[None], torch.tensor(encoded.learnt.astype(int))

    def loss(model) -> float:
        logits = model(ids).logits[0, learnt - 1]
        return float(torch.nn.functional.cross_entropy(logits, ids[0, learnt]))

    before, after = loss(load(POCKET)), loss(adapted)
    assert after < before
    merged = load(tmp_path / "merged")
    assert torch.allclose(merged(ids).logits, adapted(ids).logits, atol=1e-4)
    by_peft = adapted.merge_and_unload().state_dict()
    assert all(torch.equal(p, by_peft[name]) for name, p in merged.state_dict().items())
