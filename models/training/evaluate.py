"""Plays an official split with a checkpoint, batched and greedy: a quick look during training.

    python -m training.evaluate --model RUN --games G --split valid_seen --memory none memp --k 10
The measurement that counts is `duomem eval`, which runs the shipped ONNX file.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from .environment import Environment
from .model import load_model
from .rollout import Player, by_task_type, summary
from .tokenizer import PocketTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--games", type=Path, required=True)
    parser.add_argument("--split", default="valid_seen")
    parser.add_argument("--memory", nargs="+", default=["none"])
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--every", type=int, default=1, help="only every so many-th game")
    parser.add_argument("--max-steps", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--lost", action="store_true", help="prints the lost episodes")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer = PocketTokenizer(args.model)
    player = Player(load_model(args.model).to(args.device).eval(), tokenizer)
    environment = Environment(args.games, {"seed": "evaluation", "official": 1.0})
    for memory in args.memory:
        started = time.monotonic()
        begun = environment.begin_split(args.games, args.split, memory, args.k, args.every)
        episodes = player.play(environment, begun, args.max_steps)
        by_type = {kind: summary(played)["successRate"] for kind, played in by_task_type(episodes).items()}
        print(json.dumps({"memory": memory, **summary(episodes), "byTaskType": by_type,
                          "seconds": round(time.monotonic() - started, 1)}), flush=True)
        if args.lost:
            for episode in episodes:
                if not episode.won:
                    print(f"\n=== {episode.game}")
                    for role, content, _ in episode.messages[-24:]:
                        print(f"  {'>' if role == 'assistant' else ' '} {content}")
    environment.close()


if __name__ == "__main__":
    main()
