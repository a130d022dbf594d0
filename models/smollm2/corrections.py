"""SmolLM2's own mistakes, corrected (DAgger): it plays official training games, many at once; the first wrong turns of
an episode, up to `--mistakes`, are carried out and not learnt, the others are replaced by the teacher's, which are. So
it learns to go on from where it really gets to, above all out of its circles. Writes conversations for smollm2.distil,
lost episodes too: the teacher's turns in them are right. Episodes in which it made no mistake aren't written.

    python -m smollm2.corrections --games GAMES --base BASE --adapter ADAPTER --count 400 --seed 1 --out corrected.jsonl
"""
from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

import torch

from training.environment import Environment
from training.rollout import Corrector, Episode, summary
from training.tokenizer import TAUGHT

from .batched import ChatTokens, DraftingPlayer, load_batched

# A prompt with four scripts and a trajectory, and 30 steps; a reply.
LONGEST, REPLY = 4096, 80


class Rescuer(Corrector):
    """Of an episode the first wrong turns stand, from none to `mistakes`."""

    def __init__(self, rng: random.Random, mistakes: int):
        super().__init__(rng)
        self.mistakes = mistakes
        # Of the episodes with a mistake: how many more stand.
        self.left: dict[int, int] = {}

    def stands(self, episode: Episode) -> bool:
        left = self.left.setdefault(episode.index, self.rng.randint(0, self.mistakes))
        self.left[episode.index] = max(0, left - 1)
        return left > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--games", type=Path, required=True)
    add("--base", required=True)
    add("--adapter", required=True)
    add("--count", type=int, default=400, help="episodes with a mistake")
    add("--at-once", type=int, default=24)
    add("--mistakes", type=int, default=14, help="wrong turns of an episode that stand, at most")
    add("--memories", type=float, default=0.5, help="share of the episodes that get four scripts and a trajectory")
    add("--seed", default="1")
    add("--out", type=Path, required=True)
    args = parser.parse_args()
    environment = Environment(args.games, {
        "seed": f"corrections {args.seed}", "official": 1, "disturbance": 0, "variation": 0, "maxSteps": 30, "scripts": 0,
        "mix": {"configurations": [["none", 1]], "relevance": [["right", 1]]},
    })
    # What they can remember of: the stream's memories are those of the games that it has drawn.
    environment.conversations(600)
    player = DraftingPlayer(load_batched(args.base, args.adapter, torch.bfloat16), ChatTokens(args.base), LONGEST, REPLY)
    rng = random.Random(args.seed)
    written = 0
    with args.out.open("w") as out:
        while written < args.count:
            started = time.monotonic()
            memory = "memp" if rng.random() < args.memories else "none"
            corrector = Rescuer(rng, args.mistakes)
            episodes = player.play(environment, environment.begin(args.at_once, memory, 4), 30, corrector)
            mistaken = [episode for episode in episodes if episode.index in corrector.left]
            for episode in mistaken:
                opening = next(i for i, (role, _, _) in enumerate(episode.messages) if role == "assistant")
                messages = [[role, content, int(mark == TAUGHT)] for role, content, mark in episode.messages]
                out.write(json.dumps({
                    "kind": "conversation", "version": 1, "game": episode.game, "memory": memory, "opening": opening,
                    "messages": messages,
                }) + "\n")
            out.flush()
            written += len(mistaken)
            print(json.dumps({"written": written, "memory": memory, **summary(episodes),
                              "deviations": corrector.deviations, "seconds": round(time.monotonic() - started)}), file=sys.stderr, flush=True)
    environment.close()


if __name__ == "__main__":
    main()
