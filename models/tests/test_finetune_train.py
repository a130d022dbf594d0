"""Training runs on the pocket student as base: a few small updates each."""
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, Qwen3Config, Qwen3ForCausalLM

from finetune import memory, select_best, sweep
from finetune.encode import Encoded
from finetune.model import Loss, collate, load_adapted
from finetune.refusal import Refusal
from finetune.settings import DEFAULT_BASE, parse_arguments
from finetune.train import Training

MODELS = Path(__file__).parents[1]
POCKET = str(MODELS / "pocket")
ROOT = MODELS.parent


def write_data(path: Path, count: int = 12) -> Path:
    """Conversations about things that the base has never seen done."""
    lines = []
    for i in range(count):
        messages: list[Any] = [["system", "You are an agent.", 0], ["user", f"Your task is to: put a mug in desk {i}.", 0]]
        for turn in range(1 + i % 4):
            messages += [["assistant", f"Thought: The mug is hot.\nAction: cool desk {turn + i} with mug {i}", 1],
                         ["user", f"Observation: You see a mug {turn}.", 0]]
        lines.append(json.dumps({"kind": "conversation", "version": 1, "game": f"g{i}", "memory": "none", "opening": 2, "messages": messages[:-1]}))
    path.write_text("\n".join(lines) + "\n")
    return path


def words(data: Path, out: Path, *more: str) -> list[str]:
    return ["--data", str(data), "--out", str(out), "--base", POCKET, "--device", "cpu", "--batch", "4", "--micro-tokens", "256",
            "--longest", "256", "--rate", "5e-3", "--warmup", "0.2", "--log-updates", "1", *more]


def train(data: Path, out: Path, *more: str) -> list[dict[str, Any]]:
    training = Training(parse_arguments(words(data, out, *more)))
    training.prepare()
    training.open()
    training.train()
    training.log.close()
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def adapter(out: Path) -> dict[str, torch.Tensor]:
    return load_file(out / "adapter" / "adapter_model.safetensors")


def test_the_loss_falls_and_peft_reads_the_adapter(tmp_path: Path) -> None:
    data = write_data(tmp_path / "c.jsonl")
    log = train(data, tmp_path / "run", "--epochs", "3", "--checkpoints", "3")
    losses = [line["loss"] for line in log if "loss" in line]
    assert len(losses) == log[0]["updates"] and sum(losses[-3:]) < 0.5 * sum(losses[:3])
    assert all(line["tokensPerSecond"] > 0 for line in log if "loss" in line)
    assert log[-1] == {**log[-1], "finished": True, "tokens": log[0]["tokens"]}
    kept = sorted(path.name for path in (tmp_path / "run" / "checkpoints").iterdir())
    assert len(kept) == 3 and kept[-1] == f"update-{log[0]['updates']:06d}"
    config = json.loads((tmp_path / "run" / "adapter" / "adapter_config.json").read_text())
    assert (config["r"], config["lora_alpha"]) == (8, 16)
    assert sorted(config["target_modules"]) == ["k_proj", "o_proj", "q_proj", "v_proj"]
    base = AutoModelForCausalLM.from_pretrained(POCKET, dtype=torch.float32)
    adapted = PeftModel.from_pretrained(base, tmp_path / "run" / "adapter")
    assert any(p.abs().max() > 0 for name, p in adapted.named_parameters() if "lora_B" in name)


def test_an_interrupted_run_goes_on_to_the_same_adapter(tmp_path: Path) -> None:
    data = write_data(tmp_path / "c.jsonl")
    more = ("--dropout", "0.1")
    train(data, tmp_path / "whole", *more)
    train(data, tmp_path / "parts", "--stop-after", "1", *more)
    assert not (tmp_path / "parts" / "adapter").exists()
    log = train(data, tmp_path / "parts", *more)
    assert [line["resumed"] for line in log if "resumed" in line] == [1]
    whole, parts = adapter(tmp_path / "whole"), adapter(tmp_path / "parts")
    assert whole.keys() == parts.keys() and all(torch.equal(whole[name], parts[name]) for name in whole)
    again = train(data, tmp_path / "parts", *more)
    assert again[-1]["finished"] is True and again[-1]["tokens"] == log[-1]["tokens"]


def test_another_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    data = write_data(tmp_path / "c.jsonl", 4)
    train(data, tmp_path / "run", "--stop-after", "0")
    with pytest.raises(Refusal, match="rank.*name another one"):
        train(data, tmp_path / "run", "--rank", "4")
    write_data(data, 5)
    with pytest.raises(Refusal, match="data"):
        train(data, tmp_path / "run")


def test_the_loss_and_its_gradient_are_those_of_transformers() -> None:
    """Against transformers' own loss over labels, with padding masked, no checkpointing and no pieces."""
    model = load_adapted(POCKET, 4, 0.0, torch.float32, 3, checkpointing=True)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_B" in name:
                p.normal_(std=0.05)
    torch.manual_seed(1)
    rows = []
    for length in (40, 23, 31):
        ids = torch.randint(5, 700, (length,)).numpy().astype("int32")
        learnt = torch.arange(4, length, 3).numpy().astype("int32")
        rows.append(Encoded(ids, learnt))
    ids, positions, targets = collate(rows, pad=0)
    loss = Loss(model)
    assert loss.check(ids, positions, targets)
    (ours := loss(ids, positions, targets)).backward()
    gradients = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    labels = torch.full_like(ids, -100)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        labels[i, row.learnt] = torch.from_numpy(row.ids[row.learnt].astype("int64"))
        mask[i, : len(row.ids)] = 1
    theirs = model.eval()(input_ids=ids, attention_mask=mask, labels=labels).loss * (labels != -100).sum()
    theirs.backward()
    torch.testing.assert_close(ours.detach(), theirs.detach(), atol=0, rtol=1e-4)
    assert gradients and all("lora_" in name for name in gradients)
    for name, p in model.named_parameters():
        if name in gradients:
            torch.testing.assert_close(gradients[name], p.grad, atol=1e-4, rtol=1e-3)


def test_a_model_that_does_more_behind_its_decoder_is_trained_with_its_own_logits() -> None:
    model = load_adapted(POCKET, 4, 0.0, torch.float32, 3, checkpointing=False)
    inner: Any = model.get_base_model()
    plain = inner.forward

    def scaled(*args: Any, **kwargs: Any) -> Any:
        out = plain(*args, **kwargs)
        out.logits = out.logits / 3
        return out

    inner.forward = scaled
    ids = torch.randint(5, 700, (1, 20))
    positions, targets = torch.arange(18), ids[0, 1:19]
    loss = Loss(model)
    assert not loss.check(ids, positions, targets)
    expected = F.cross_entropy(inner(input_ids=ids).logits[0, :18], targets, reduction="sum")
    torch.testing.assert_close(loss(ids, positions, targets), expected)


def launched(*command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    return subprocess.run([sys.executable, "-m", *command], cwd=MODELS, env=env, capture_output=True, text=True, timeout=600)


def test_two_processes_train_the_same_adapter(tmp_path: Path) -> None:
    data = write_data(tmp_path / "c.jsonl")
    train(data, tmp_path / "one")
    ended = launched("accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1", "--mixed_precision", "no",
                     "--dynamo_backend", "no", "-m", "finetune.train", *words(data, tmp_path / "two"))
    assert ended.returncode == 0, ended.stderr[-2000:]
    losses = [[json.loads(line).get("loss") for line in (tmp_path / run / "log.jsonl").read_text().splitlines()] for run in ("one", "two")]
    ones, twos = ([loss for loss in each if loss is not None] for each in losses)
    assert len(ones) == len(twos) and all(abs(a - b) < 1e-4 for a, b in zip(ones, twos))
    one, two = adapter(tmp_path / "one"), adapter(tmp_path / "two")
    for name in one:
        torch.testing.assert_close(one[name], two[name], atol=2e-4, rtol=1e-2)


# Qwen3-4B-Instruct-2507's config.json, what of it says the sizes.
QWEN3_4B = dict(vocab_size=151936, hidden_size=2560, intermediate_size=9728, num_hidden_layers=36, num_attention_heads=32,
                num_key_value_heads=8, head_dim=128, tie_word_embeddings=True, max_position_embeddings=262144)


def test_the_papers_adapter_has_its_5_9_million_parameters(tmp_path: Path) -> None:
    Qwen3Config(**QWEN3_4B).save_pretrained(tmp_path)
    sizes = memory.sizes_of(str(tmp_path), rank=8)
    assert sizes.adapter == 5_898_240
    assert sizes.parameters == 4_022_468_096
    needed = memory.estimate(sizes, 2, 8192, checkpointing=True, cuda=True)
    assert 11e9 < needed.total < 18e9  # one GPU of 24 GB
    assert memory.estimate(sizes, 2, 8192, checkpointing=False, cuda=True).total > 4 * needed.total


def test_a_run_that_can_not_fit_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    Qwen3Config(**{**QWEN3_4B, "num_hidden_layers": 2, "intermediate_size": 40_000_000}).save_pretrained(tmp_path / "huge")
    data = write_data(tmp_path / "c.jsonl", 2)
    ended = launched("finetune.train", "--data", str(data), "--out", str(tmp_path / "run"), "--base", str(tmp_path / "huge"), "--device", "cpu")
    assert ended.returncode == 3
    sentence = ended.stderr.strip().splitlines()[-1]
    assert sentence.startswith("The run will need about") and "are free" in sentence and "Traceback" not in ended.stderr
    assert not (tmp_path / "run").exists()
    estimated = launched("finetune.train", "--estimate", "--data", str(data), "--out", "x", "--base", POCKET, "--device", "cpu")
    assert estimated.returncode == 0 and json.loads(estimated.stdout)["adapter"] == 40960


def test_the_defaults_are_the_papers() -> None:
    args = parse_arguments(["--data", "d", "--out", "o"])
    assert (args.rank, args.rate, args.epochs, args.input_strategy, args.base) == (8, 5e-5, 1, "full-history", DEFAULT_BASE)
    assert (sweep.RANKS, sweep.RATES) == ([8, 16, 32], [1e-6, 5e-6, 1e-5, 5e-5])


def test_paths_after_the_dashes_are_those_of_here(tmp_path, monkeypatch) -> None:
    """`duomem eval` runs in the repository's root, the command in models/."""
    (tmp_path / "models").mkdir()
    (tmp_path / "teacher.bank").write_text("")
    monkeypatch.chdir(tmp_path / "models")
    words = ["--bank", "../teacher.bank", "--jobs", "16", "--embedder", "hub:owner/name@1"]
    assert [select_best.whole_path(word) for word in words] == [
        "--bank", str(tmp_path / "teacher.bank"), "--jobs", "16", "--embedder", "hub:owner/name@1",
    ]


def test_a_sweep_trains_every_pair_once_and_the_best_checkpoint_is_chosen(tmp_path: Path, capsys: Any) -> None:
    data = write_data(tmp_path / "c.jsonl", 4)
    command = ["finetune.sweep", "--data", str(data), "--out", str(tmp_path / "runs"), "--ranks", "4", "--rates", "1e-3", "5e-3", "--",
               *words(data, tmp_path)[4:], "--checkpoints", "1"]
    command = [word for i, word in enumerate(command) if not (word == "--rate" or command[i - 1] == "--rate")]
    ended = launched(*command)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert json.loads(ended.stdout.splitlines()[-1]) == {"runs": 2, "finished": 2}
    runs = sorted((tmp_path / "runs").iterdir())
    assert [run.name for run in runs] == ["r4-rate0.001", "r4-rate0.005"]
    checkpoints = select_best.checkpoints_of(runs)
    assert [each.rank for each in checkpoints] == [4, 4]
    served = select_best.serve_command(DEFAULT_BASE, checkpoints)
    assert "--max-lora-rank 4" in served and all(f"{each.name}={each.folder}" in served for each in checkpoints)

    asked: list[tuple[str, ...]] = []

    def ask(*words: str) -> dict[str, Any]:
        asked.append(words)
        better = checkpoints[1].name in words
        return {"episodes": 4, "solved": 3, "successRate": 0.75, "successInterval": [0, 1], "meanSteps": 9 if better else 12}

    args = type("Args", (), dict(out=tmp_path / "out", games=tmp_path, split="valid_seen", memory="memp", k=10, more=["--jobs", "4"],
                                 base_url="http://localhost:1/v1", base=DEFAULT_BASE))()
    chosen = select_best.select(args, checkpoints, ask)
    assert chosen["best"] == checkpoints[1].name
    assert adapter(tmp_path / "out").keys() == load_file(checkpoints[1].folder / "adapter_model.safetensors").keys()
    assert all({"eval", "memp", "teacher", "--jobs", "valid_seen", "openai"} <= set(words) for words in asked)


def test_more_success_wins_then_fewer_steps_then_the_earlier() -> None:
    row = lambda rate, steps, place: {"successRate": rate, "meanSteps": steps, "place": place}
    assert select_best.best_of([row(0.5, 9, 0), row(0.6, 20, 1), row(0.6, 20, 2), row(0.6, 21, 3)]) == row(0.6, 20, 1)
