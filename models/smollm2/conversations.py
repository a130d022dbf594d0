"""Writes the conversations that the adapter was trained on: the scripted teacher's on the official training games, two
thirds of them with turns of somebody else's in between, without memory in the prompts.

    python -m smollm2.conversations --games GAMES --count 2600 --out conversations.jsonl
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.environment import Environment

# As models/environment/conversations.ts marks what is taught.
TAUGHT = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2600)
    parser.add_argument("--seed", default="smollm2")
    parser.add_argument("--disturbance", type=float, default=0.15)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    mix = {"configurations": [["none", 1]], "relevance": [["right", 1]]}
    environment = Environment(args.games, {
        "seed": args.seed, "official": 1, "mix": mix, "disturbance": args.disturbance, "variation": 0.1, "maxSteps": 30, "scripts": 0,
    })
    with args.out.open("w") as out:
        for start in range(0, args.count, 100):
            for made in environment.conversations(min(100, args.count - start)):
                messages = [[role, content, int(mark == TAUGHT)] for role, content, mark in made["messages"]]
                opening = next(i for i, (role, _, _) in enumerate(messages) if role == "assistant")
                record = {"kind": "conversation", "version": 1, "game": made["game"], "memory": "none", "opening": opening, "messages": messages}
                out.write(json.dumps(record) + "\n")
    environment.close()


if __name__ == "__main__":
    main()
