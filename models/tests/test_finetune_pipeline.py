"""From games to a merged student, by the commands of models/README.md, on the pocket student as base: what duomem
plays with is what torch computes."""
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from finetune import select_best
from test_finetune_train import POCKET, ROOT, adapter, train

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules").exists(), reason="duomem is not installed (npm install)"
)


def duomem(*words: str) -> dict[str, Any]:
    ended = subprocess.run(["node", "--import", "tsx", "src/cli/main.ts", *words], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout.splitlines()[-1])


def greedy(model: Any, tokenizer: Any, messages: list[Any]) -> str:
    chat = [{"role": role, "content": content} for role, content, _ in messages]
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
    out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=96, do_sample=False)
    return tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True)


def test_from_games_to_a_student_that_plays(tmp_path: Path) -> None:
    at = lambda name: str(tmp_path / name)
    duomem("generate", "--homes", "2", "--tasks-per-home", "2", "--seed", "70", "--split", "train", "--out", at("games.zip"))
    collected = duomem("collect", "--games", at("games.zip"), "--split", "train", "--out", at("t.jsonl"), "--threads", "1")
    assert collected["solved"] == 4
    duomem("extract", "--trajectories", at("t.jsonl"), "--out", at("s.jsonl"))
    duomem("bank", "--scripts", at("s.jsonl"), "--trajectories", at("t.jsonl"), "--out", at("b.bank"))
    duomem("conversations", "--trajectories", at("t.jsonl"), "--memory", "none=1,memp=1", "--bank", at("b.bank"), "--k", "2",
           "--out", at("c.jsonl"))
    log = train(tmp_path / "c.jsonl", tmp_path / "run", "--longest", "1024", "--micro-tokens", "1024", "--checkpoints", "1")
    assert log[0]["conversations"] == 4 and log[-1]["finished"] is True

    # duomem's merge of the adapter equals peft's, to the bit.
    duomem("merge", "--base", POCKET, "--adapter", at("run/adapter"), "--storage", "f32", "--format", "safetensors", "--out", at("merged"))
    base = AutoModelForCausalLM.from_pretrained(POCKET, dtype=torch.float32)
    merged = PeftModel.from_pretrained(base, at("run/adapter")).merge_and_unload().eval()
    written = load_file(next((tmp_path / "merged").glob("*.safetensors")))
    changed = 0
    for name, tensor in merged.state_dict().items():
        if name in written:
            torch.testing.assert_close(written[name], tensor, atol=0, rtol=2e-7)
            changed += name.endswith(("q_proj.weight", "o_proj.weight"))
    assert changed == 8 and adapter(tmp_path / "run")

    # Selection merges for playing, plays, and chooses; what was said is what torch says.
    args = type("Args", (), dict(out=tmp_path / "chosen", games=tmp_path / "games.zip", split="train", memory="none", k=2, base_url=None,
                                 base=POCKET, more=["--jobs", "1"]))()
    chosen = select_best.select(args, select_best.checkpoints_of([tmp_path / "run"]), lambda *words: duomem(*words))
    assert chosen["best"].startswith("run.") and (tmp_path / "chosen" / "adapter" / "adapter_config.json").exists()
    tokenizer = AutoTokenizer.from_pretrained(POCKET)
    conversations = {c["game"]: c for c in map(json.loads, (tmp_path / "c.jsonl").read_text().splitlines()) if c["memory"] == "none"}
    compared = 0
    for path in (tmp_path / "chosen" / "evaluations").rglob("*.jsonl"):
        header, first = map(json.loads, path.read_text().splitlines()[:2])
        conversation = conversations.get(header["game"]["key"])
        if conversation is not None:
            compared += 1
            assert first["reply"] == greedy(merged, tokenizer, conversation["messages"][: conversation["opening"]])
    assert compared > 0
