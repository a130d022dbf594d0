"""Writes the conversations that the adapter was trained on: the scripted teacher's on the official training games, two
thirds of them with turns of somebody else's in between; without memory in the prompts, or, for the second training,
with memories in most of them and the script that the episode is worth at the end.

    python -m smollm2.conversations --games GAMES --count 2600 --out conversations.jsonl
    python -m smollm2.conversations --games GAMES --count 1200 --seed smollm2-mem --memories --out memories.jsonl
    python -m smollm2.conversations --games GAMES --count 1200 --seed circles --circles 0.15 --out circles.jsonl
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.environment import Environment

# As models/environment/conversations.ts marks what is taught.
TAUGHT = 2
PLAIN = {"configurations": [["none", 1]], "relevance": [["right", 1]]}
# Right ones mostly, and some that mislead, so that it looks at the room first.
MEMORIES = {
    "configurations": [["none", 0.12], ["script", 0.38], ["memp", 0.5]],
    "relevance": [["right", 0.75], ["mixed", 0.15], ["irrelevant", 0.1]],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2600)
    parser.add_argument("--seed", default="smollm2")
    parser.add_argument("--disturbance", type=float, default=0.15)
    parser.add_argument("--circles", type=float, default=0, help="probability that a turn is said again, 2 to 14 times")
    parser.add_argument("--memories", action="store_true", help="in the prompts")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    environment = Environment(args.games, {
        "seed": args.seed, "official": 1, "mix": MEMORIES if args.memories else PLAIN, "disturbance": args.disturbance,
        # A circle takes of the steps that a task has when it is played, not of those that the teacher has to show the way out.
        "circles": args.circles, "variation": 0.1, "maxSteps": 50 if args.circles else 30, "scripts": int(args.memories),
    })
    with args.out.open("w") as out:
        for start in range(0, args.count, 100):
            for made in environment.conversations(min(100, args.count - start)):
                messages = [[role, content, int(mark == TAUGHT)] for role, content, mark in made["messages"]]
                opening = next(i for i, (role, _, _) in enumerate(messages) if role == "assistant")
                out.write(json.dumps({
                    "kind": "conversation", "version": 1, "game": made["game"], "memory": "memp" if args.memories else "none",
                    "opening": opening, "messages": messages,
                }) + "\n")
    environment.close()


if __name__ == "__main__":
    main()
