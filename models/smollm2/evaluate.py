"""What an adapter solves without memory, in bfloat16 and many games at once: to choose among adapters. What a visitor's
student solves, with weights of eight bits, is what `duomem eval --student smollm2` says.

    python -m smollm2.evaluate --games GAMES --base BASE --adapter smollm2/adapter --every 3
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from training.environment import Environment
from training.rollout import by_task_type, summary

from .batched import ChatTokens, DraftingPlayer, load_batched

# As `duomem eval` sets them: tokens of a conversation and of a reply.
LONGEST, REPLY = 4096, 96


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--games", type=Path, required=True)
    add("--base", required=True)
    add("--adapter")
    add("--split", default="valid_seen")
    add("--every", type=int, default=1, help="play every so many-th game")
    args = parser.parse_args()
    environment = Environment(args.games, {
        "seed": "evaluate", "official": 1, "disturbance": 0, "variation": 0, "maxSteps": 30, "scripts": 0,
        "mix": {"configurations": [["none", 1]], "relevance": [["right", 1]]},
    })
    player = DraftingPlayer(load_batched(args.base, args.adapter, torch.bfloat16), ChatTokens(args.base), LONGEST, REPLY)
    episodes = player.play(environment, environment.begin_split(args.games, args.split, "none", 4, args.every))
    environment.close()
    kinds = {kind: f"{sum(e.won for e in played)} of {len(played)}" for kind, played in by_task_type(episodes).items()}
    print(json.dumps({**summary(episodes), "kinds": kinds}))


if __name__ == "__main__":
    main()
