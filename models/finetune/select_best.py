"""Chooses among checkpoints as the paper does (section 4): success on valid_seen under MemP with the teacher's scripts.

On a CPU, for a pocket student, each adapter is merged and played by duomem itself:

    python -m finetune.select_best --runs RUNS/* --games GAMES --out SELECTION --base pocket

For a model behind a server, all adapters are served at once and each is asked for by its name:

    python -m finetune.select_best --runs RUNS/* --serve                  (prints the command that serves them, vLLM)
    python -m finetune.select_best --runs RUNS/* --games GAMES --out SELECTION --base-url http://localhost:8000/v1

Evaluations are kept in SELECTION and gone on with. The best adapter is copied to SELECTION/adapter, the figures are in
SELECTION/selection.json. More success wins, then fewer steps, then the earlier checkpoint.
"""
from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from .refusal import Refusal, run
from .settings import DEFAULT_BASE

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Checkpoint:
    name: str  # <run>.<update>: also its name on a server
    folder: Path
    rank: int


def checkpoints_of(runs: list[Path]) -> list[Checkpoint]:
    found = []
    for folder in runs:
        for path in sorted((folder / "checkpoints").glob("update-*")):
            if path.suffix == ".part":
                continue
            rank = json.loads((path / "adapter_config.json").read_text())["r"]
            found.append(Checkpoint(f"{folder.name}.{path.name.removeprefix('update-')}", path, rank))
    if not found:
        raise Refusal("There are no checkpoints in these runs; finetune.train writes them.")
    return found


def serve_command(base: str, checkpoints: list[Checkpoint]) -> str:
    modules = [f"{each.name}={each.folder.resolve()}" for each in checkpoints]
    words = ["vllm", "serve", base, "--enable-lora", "--max-lora-rank", str(max(each.rank for each in checkpoints)),
             "--max-model-len", "8192", "--enable-prefix-caching", "--lora-modules", *modules]
    return shlex.join(words)


def duomem(*words: str) -> dict[str, Any]:
    """The result of a subcommand; its progress goes on to standard error."""
    command = ["node", "--import", "tsx", "src/cli/main.ts", *words]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if ended.returncode != 0:
        raise Refusal(f"duomem {words[0]} ended with code {ended.returncode}; the same command goes on from there.")
    return json.loads(ended.stdout.strip().splitlines()[-1])


def whole_path(word: str) -> str:
    return word if word.startswith("-") or not Path(word).exists() else str(Path(word).resolve())


def best_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return min(rows, key=lambda row: (-row["successRate"], row["meanSteps"], row["place"]))


def select(args: argparse.Namespace, checkpoints: list[Checkpoint], ask: Callable[..., dict[str, Any]] = duomem) -> dict[str, Any]:
    out: Path = args.out.resolve()
    about = ["--games", str(args.games.resolve()), "--split", args.split, "--memory", args.memory, "--scripts", "teacher",
             "--k", str(args.k), "--max-steps", "30", *args.more]
    rows = []
    for place, checkpoint in enumerate(checkpoints):
        folder = out / "evaluations" / checkpoint.name
        if args.base_url is not None:
            student = ["--student", "openai", "--model", checkpoint.name, "--base-url", args.base_url]
        else:
            model = out / "merged" / checkpoint.name
            if not (model / "model_fp16.onnx").exists():
                ask("merge", "--base", str(Path(args.base).resolve()), "--adapter", str(checkpoint.folder.resolve()),
                    "--format", "onnx", "--out", str(model))
                for name in ("config.json", "tokenizer.json"):
                    shutil.copyfile(Path(args.base) / name, model / name)
            student = ["--student", "pocket", "--model", str(model)]
        figures = ask("eval", *student, *about, "--out", str(folder))
        kept = {name: figures[name] for name in ("episodes", "solved", "successRate", "successInterval", "meanSteps")}
        rows.append({"checkpoint": checkpoint.name, "folder": str(checkpoint.folder), "place": place, **kept})
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    best = best_of(rows)
    out.mkdir(parents=True, exist_ok=True)
    selection = {"best": best["checkpoint"], "memory": args.memory, "split": args.split, "checkpoints": rows}
    (out / "selection.json").write_text(json.dumps(selection, indent=1) + "\n")
    shutil.copytree(best["folder"], out / "adapter", dirs_exist_ok=True)
    return {"best": best["checkpoint"], "adapter": str(out / "adapter"), "successRate": best["successRate"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--base", default=DEFAULT_BASE, help="the base that the adapters were trained on")
    parser.add_argument("--games", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--split", default="valid_seen")
    parser.add_argument("--memory", default="memp", choices=["none", "script", "trajectory", "memp"])
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--base-url", help="of the server; without it, a pocket student is played here")
    parser.add_argument("--serve", action="store_true", help="print the command that serves the checkpoints, and stop")
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    args = parser.parse_args(words[:split])
    # To duomem eval: --bank B, --jobs 16. It runs in the repository's root, so paths from here are made whole.
    args.more = [whole_path(word) for word in words[split + 1 :]]
    checkpoints = checkpoints_of(args.runs)
    if args.serve:
        print(serve_command(args.base, checkpoints))
        return
    if args.games is None or args.out is None:
        parser.error("give --games and --out, or --serve")
    if args.base_url is None and not (Path(args.base) / "model.safetensors").exists():
        raise Refusal(f"{args.base}: This is no folder of a small model; a large one is played behind a --base-url.")
    print(json.dumps(select(args, checkpoints)))


if __name__ == "__main__":
    run(main)
