"""Distils the scripted teacher's trajectories into a LoRA adapter on one core (paper, section 3.3).

    python -m smollm2.distil --data conversations.jsonl --base BASE --out RUN --tokens 400e3

The same loss, adapter and files as finetune.train, in half the arithmetic: the games of one room open with the same
tokens (system message and the list of places), half of a conversation. An update takes conversations of one room
and lays them out as one sequence, what they share once in front (packed.py): the very gradient of the longer way
(tests/test_distil.py). The same command resumes.
"""
from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import torch
from peft import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoTokenizer

from finetune.conversations import read_conversations, samples
from finetune.encode import ChatEncoder, Encoded
from finetune.model import Loss, load_adapted, save_adapter, trained_parameters
from finetune.settings import rate_factor

from .packed import segments, use_packed_attention


def shared_length(rows: Sequence[Encoded]) -> int:
    """Tokens that all rows open with; none of them is learnt."""
    limit = min(int(row.learnt[0]) for row in rows) - 1
    first = rows[0].ids
    for row in rows[1:]:
        differs = (first[:limit] != row.ids[:limit]).nonzero()[0]
        limit = int(differs[0]) if len(differs) else limit
    return limit


def gradients(model: Any, loss: Loss, rows: Sequence[Encoded]) -> tuple[float, int, int]:
    """Adds the gradients of the mean loss over the learnt tokens; returns its sum, their number, tokens computed."""
    length = shared_length(rows)
    targets = sum(len(row.learnt) for row in rows)
    pieces = [rows[0].ids[:length], *(row.ids[length:] for row in rows)]
    starts = np.cumsum([0, *(len(piece) for piece in pieces)])
    places = [np.arange(length), *(np.arange(length, len(row.ids)) for row in rows)]
    learnt = np.concatenate([row.learnt - length + start for row, start in zip(rows, starts[1:])])
    ids = np.concatenate(pieces).astype(np.int64)
    mixed = torch.autocast("cpu", torch.bfloat16, enabled=model.get_input_embeddings().weight.dtype == torch.bfloat16)
    with mixed, segments(list(zip(starts[:-1].tolist(), starts[1:].tolist()))):
        hidden = model.get_base_model().get_decoder()(
            input_ids=torch.from_numpy(ids[None]), position_ids=torch.from_numpy(np.concatenate(places)[None]), use_cache=False
        ).last_hidden_state[0]
        total = loss.piece(hidden[torch.from_numpy(learnt - 1)], torch.from_numpy(ids[learnt]))
        (total / targets).backward()
    return float(total.detach()), targets, len(ids)


def plan_groups(rooms: Sequence[str], kinds: Sequence[str], lengths: Sequence[int], shared: Sequence[int], size: int,
                tokens: float, seed: int) -> list[list[int]]:
    """Groups of one room each, rooms in turn, kinds of tasks evenly, until so many tokens are spent."""
    rng = random.Random(seed)
    by_room: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    order = list(range(len(rooms)))
    rng.shuffle(order)
    for i in order:
        by_room[rooms[i]][kinds[i]].append(i)
    seen: dict[str, int] = defaultdict(int)
    groups: list[list[int]] = []
    spent = 0.0
    while spent < tokens:
        ready = [room for room, kinds_here in by_room.items() if sum(map(len, kinds_here.values())) >= size]
        if not ready:
            break
        rng.shuffle(ready)
        for room in ready:
            if spent >= tokens:
                break
            group: list[int] = []
            here = by_room[room]
            while len(group) < size:
                kind = min((k for k in here if here[k]), key=lambda k: (seen[k], k))
                seen[kind] += 1
                group.append(here[kind].pop())
            groups.append(group)
            spent += sum(lengths[i] for i in group) - (size - 1) * min(shared[i] for i in group)
    return groups


class Distillation:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
        tokenizer = AutoTokenizer.from_pretrained(args.base)
        encoder = ChatEncoder(tokenizer, args.longest)
        self.rows: list[Encoded] = []
        rooms, kinds = [], []
        for conversation in read_conversations(args.data):
            for sample in samples(conversation, "full-history"):
                row = encoder.encode(sample)
                if row is None or row.cut or len(row.ids) > args.longest:
                    continue
                self.rows.append(row)
                # The list of places, not the number of the floor plan: it is what the tokens share.
                room = conversation.messages[conversation.opening - 1][1].split("\n\nYour task is to: ")[0]
                rooms.append("any" if args.any_room else room)
                kinds.append(conversation.game.split("/")[-2].split("-")[0])
        first = [int(row.learnt[0]) for row in self.rows]
        # What a group shares ends at the task, some fifteen tokens before the first reply.
        shared = [max(0, at - 15) for at in first]
        self.groups = plan_groups(rooms, kinds, [len(row.ids) for row in self.rows], shared, args.group, args.tokens, args.seed)
        random.Random(args.seed + 1).shuffle(self.groups)
        chosen = [i for group in self.groups for i in group]
        count: dict[str, int] = defaultdict(int)
        for i in chosen:
            count[kinds[i]] += 1
        self.about = {
            "conversations": len(chosen), "of": len(self.rows), "rooms": len({rooms[i] for i in chosen}), "kinds": dict(count),
            "updates": len(self.groups), "learnt": sum(len(self.rows[i].learnt) for i in chosen),
            "tokens": sum(len(self.rows[i].ids) for i in chosen),
            "computed": sum(sum(len(self.rows[i].ids) for i in g) - (len(g) - 1) * shared_length([self.rows[i] for i in g])
                            for g in self.groups),
        }
        args.out.mkdir(parents=True, exist_ok=True)
        self.log = (args.out / "log.jsonl").open("a")
        self.say(**{k: str(v) for k, v in vars(args).items()})
        self.say(**self.about)
        if args.plan:
            raise SystemExit(0)
        self.model = load_adapted(args.base, args.rank, 0.0, torch.bfloat16 if args.bfloat16 else torch.float32, args.seed,
                                  checkpointing=False)
        if args.start is not None:
            set_peft_model_state_dict(self.model, load_file(args.start / "adapter_model.safetensors"))
        use_packed_attention(self.model)
        self.trained = trained_parameters(self.model)
        self.optimiser = torch.optim.AdamW(self.trained, lr=args.rate, weight_decay=0.0, betas=(0.9, 0.98))
        self.loss = Loss(self.model)
        self.update, self.computed, self.seconds = 0, 0, 0.0
        state = args.out / "state.pt"
        if state.exists():
            kept = torch.load(state, weights_only=True)
            set_peft_model_state_dict(self.model, kept["adapter"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.update, self.computed, self.seconds = kept["update"], kept["computed"], kept["seconds"]
            self.say(resumed=self.update)

    def factor(self) -> float:
        """The rate's decay by updates, or, where the time is given, by the time that was trained."""
        if self.args.minutes is None:
            return rate_factor(self.update, len(self.groups), self.args.warmup)
        share = self.seconds / (self.args.minutes * 60)
        return min((share + 0.01) / self.args.warmup, (1 - share) / (1 - self.args.warmup), 1.0)

    def say(self, **values: Any) -> None:
        line = json.dumps(values)
        print(line, flush=True)
        self.log.write(line + "\n")
        self.log.flush()

    def save(self) -> None:
        path = self.args.out / "state.pt"
        torch.save({"adapter": get_peft_model_state_dict(self.model), "optimiser": self.optimiser.state_dict(),
                    "update": self.update, "computed": self.computed, "seconds": self.seconds}, path.with_name("state.part"))
        path.with_name("state.part").replace(path)

    def train(self) -> None:
        args = self.args
        saved = time.monotonic()
        limit = math.inf if args.minutes is None else args.minutes * 60
        while self.update < len(self.groups) and self.seconds < limit:
            started = time.monotonic()
            for group in self.optimiser.param_groups:
                group["lr"] = args.rate * self.factor()
            rows = [self.rows[i] for i in self.groups[self.update]]
            total, targets, computed = gradients(self.model, self.loss, rows)
            if not math.isfinite(total):
                raise SystemExit(f"The loss is not finite at update {self.update + 1}; take a smaller --learning-rate.")
            norm = torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
            self.optimiser.step()
            self.optimiser.zero_grad(set_to_none=True)
            self.update += 1
            took = time.monotonic() - started
            self.computed, self.seconds = self.computed + computed, self.seconds + took
            self.say(update=self.update, of=len(self.groups), loss=round(total / targets, 4), norm=round(float(norm), 3),
                     rate=round(self.optimiser.param_groups[0]["lr"], 6), computed=self.computed,
                     tokensPerSecond=round(computed / took, 1), seconds=round(self.seconds))
            if time.monotonic() - saved > 180:
                self.save()
                saved = time.monotonic()
        self.save()
        save_adapter(self.model, args.out / "adapter")
        self.say(finished=True, adapter=str(args.out / "adapter"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m smollm2.distil", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True)
    add("--base", required=True)
    add("--out", type=Path, required=True)
    add("--tokens", type=float, required=True, help="to be computed, what is shared counted once")
    add("--minutes", type=float, help="end after so long; the rate's decay then follows the time")
    add("--rank", type=int, default=16)
    add("--learning-rate", "--rate", dest="rate", type=float, default=1.5e-3)
    add("--warmup", type=float, default=0.04)
    add("--group", type=int, default=4, help="conversations of an update, all of one room")
    add("--any-room", action="store_true", help="of any rooms instead: where memories open the prompts, few open alike")
    add("--max-length", "--longest", dest="longest", type=int, default=1100, help="longer conversations are left out")
    add("--start", type=Path, help="folder of an adapter to go on from")
    add("--bfloat16", action="store_true", help="the base in bfloat16: twice as fast where the CPU multiplies it (AVX512_BF16, AMX)")
    add("--seed", type=int, default=0)
    add("--plan", action="store_true", help="say what would be trained on, and stop")
    Distillation(parser.parse_args()).train()


if __name__ == "__main__":
    main()
