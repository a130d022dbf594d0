"""Trains a LoRA adapter on a teacher's trajectories (paper, section 3.3 and 4).

    python -m finetune.train --data conversations.jsonl --out RUN
    python -m finetune.train --data conversations.jsonl --out RUN --base pocket --device cpu --learning-rate 2e-3   (a small one)
    accelerate launch --num_processes 4 -m finetune.train ...                             (the same on four GPUs)

In RUN: run.json (what it is), log.jsonl, state.pt (to go on from), checkpoints/update-N and adapter (PEFT's files). The
result is one line of JSON, the last on standard output. Exit codes as duomem's: 3 is bad input.
"""
from __future__ import annotations

import argparse
import json
import math
import os
import time
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from peft import get_peft_model_state_dict, set_peft_model_state_dict
from transformers import AutoTokenizer

from . import memory
from .conversations import read_conversations, samples
from .encode import ChatEncoder, Encoded
from .model import Loss, collate, load_adapted, save_adapter, trained_parameters
from .plan import Update, padding_share, plan_updates, share_of
from .refusal import Refusal, run
from .settings import identity, parse_arguments, rate_factor


class Training:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        on_cpu = args.device == "cpu" or not torch.cuda.is_available()
        self.dtype = args.dtype or ("f32" if on_cpu else "bf16")
        if on_cpu:
            torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())))
        self.accelerator = Accelerator(cpu=on_cpu, mixed_precision="no")
        self.device = self.accelerator.device
        self.first = self.accelerator.is_main_process
        self.log: Any = None
        self.update = 0
        self.tokens = 0
        self.seconds = 0.0

    # ---- before the start

    def prepare(self) -> None:
        args = self.args
        conversations = read_conversations(args.data)
        self.require_memory()
        try:
            tokenizer = AutoTokenizer.from_pretrained(args.base)
        except (OSError, ValueError) as error:
            raise Refusal(f"{args.base}: The tokenizer can't be loaded: {str(error).splitlines()[0]}") from error
        encoder = ChatEncoder(tokenizer, args.longest)
        self.pad = tokenizer.pad_token_id or 0
        made = [encoder.encode(s) for c in conversations for s in samples(c, args.input_strategy)]
        self.rows: list[Encoded] = [row for row in made if row is not None]
        if not self.rows:
            raise Refusal(f"{args.data}: No conversation fits into --max-length {args.longest} tokens.")
        self.lengths = [len(row.ids) for row in self.rows]
        self.plan = plan_updates(self.lengths, args.batch, max(args.micro_tokens, max(self.lengths)), args.epochs, args.seed)
        self.kept_at = {round(len(self.plan) * (i + 1) / args.checkpoints) for i in range(args.checkpoints)}
        self.about = {
            "conversations": len(conversations), "samples": len(self.rows), "updates": len(self.plan),
            "tooLong": len(made) - len(self.rows), "shortened": sum(row.cut for row in self.rows),
            "tokens": sum(self.lengths) * args.epochs, "learnt": sum(len(row.learnt) for row in self.rows) * args.epochs,
            "longest": max(self.lengths), "padding": round(padding_share(self.plan, self.lengths), 4),
        }

    def require_memory(self) -> None:
        """Said and checked before a weight is read."""
        args = self.args
        cuda = self.device.type == "cuda"
        self.sizes = memory.sizes_of(args.base, args.rank)
        needed = memory.estimate(
            self.sizes, 2 if self.dtype == "bf16" else 4, max(args.micro_tokens, args.longest), args.checkpointing, cuda)
        free = memory.free_bytes(self.device)
        if not cuda:
            free //= self.accelerator.num_processes
        self.say(parameters=self.sizes.parameters, adapter=self.sizes.adapter, memory=needed.total,
                 parts=str(needed), free=free, device=str(self.device), processes=self.accelerator.num_processes)
        if not args.force:
            memory.require(needed, free, args.micro_tokens)

    def open(self) -> None:
        """The folder of the run: begun, or found to be of the same run."""
        args = self.args
        mine = identity(args, self.dtype)
        path = args.out / "run.json"
        try:
            args.out.mkdir(parents=True, exist_ok=True)
            if path.exists():
                there = json.loads(path.read_text())["identity"]
                differs = [name for name in mine if there.get(name) != mine[name]]
                if differs:
                    raise Refusal(f"{args.out}: The folder holds another run ({', '.join(differs)}); name another one.")
            self.accelerator.wait_for_everyone()
            if self.first:
                write_whole(path, json.dumps({"identity": mine, "data": self.about}, indent=1) + "\n")
                self.log = (args.out / "log.jsonl").open("a")
        except OSError as error:
            raise Refusal(f"{args.out}: The folder can't be written: {error.strerror}.") from error
        self.model = load_adapted(args.base, args.rank, args.dropout, self.torch_dtype(), args.seed, args.checkpointing, self.device)
        self.model.to(self.device)
        self.trained = trained_parameters(self.model)
        self.optimiser = torch.optim.AdamW(self.trained, lr=args.rate, weight_decay=args.weight_decay)
        self.loss = Loss(self.model)
        self.resume()

    def torch_dtype(self) -> torch.dtype:
        return torch.bfloat16 if self.dtype == "bf16" else torch.float32

    def say(self, **values: Any) -> None:
        if not self.first:
            return
        line = json.dumps(values)
        print(line, flush=True)
        if self.log is not None:
            self.log.write(line + "\n")
            self.log.flush()

    # ---- going on where a run stopped

    def resume(self) -> None:
        path = self.args.out / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        set_peft_model_state_dict(self.model, state["adapter"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.update, self.tokens, self.seconds = state["update"], state["tokens"], state["seconds"]
        self.say(resumed=self.update)

    def save(self) -> None:
        if not self.first:
            return
        state = {"adapter": get_peft_model_state_dict(self.model), "optimiser": self.optimiser.state_dict(),
                 "update": self.update, "tokens": self.tokens, "seconds": self.seconds}
        path = self.args.out / "state.pt"
        torch.save(state, path.with_name("state.pt.part"))
        path.with_name("state.pt.part").replace(path)

    def keep(self, name: str) -> None:
        if self.first:
            folder = self.args.out / name
            folder.parent.mkdir(exist_ok=True)
            save_adapter(self.model, folder)

    # ---- the loop

    def train(self) -> None:
        args = self.args
        self.say(**self.about)
        if self.update == 0:
            self.check_loss()
        saved = clock = time.monotonic()
        summed, learnt, counted = 0.0, 0, self.tokens
        last = len(self.plan) if args.stop_after is None else min(args.stop_after, len(self.plan))
        while self.update < last:
            loss, targets = self.one_update(self.plan[self.update])
            if not math.isfinite(loss):
                raise Refusal(f"The loss is not finite at update {self.update + 1}; take a smaller --learning-rate than {args.rate:g}.")
            summed, learnt = summed + loss, learnt + targets
            self.update += 1
            now = time.monotonic()
            if self.update % args.log_updates == 0 or self.update == last:
                self.seconds += now - clock
                rate = (self.tokens - counted) / (now - clock)
                self.note(summed / learnt, rate)
                summed, learnt, counted, clock = 0.0, 0, self.tokens, now
            if self.update in self.kept_at:
                self.keep(f"checkpoints/update-{self.update:06d}")
            if now - saved > args.save_minutes * 60:
                self.save()
                saved = now
        self.save()
        if self.update == len(self.plan):
            self.keep("adapter")
        finished = self.update == len(self.plan)
        self.say(finished=finished, update=self.update, tokens=self.tokens, seconds=round(self.seconds, 1),
                 adapter=str(args.out / "adapter") if finished else None)

    def note(self, loss: float, rate: float) -> None:
        done = self.tokens / self.about["tokens"]
        values = {"update": self.update, "of": len(self.plan), "loss": round(loss, 5), "rate": self.optimiser.param_groups[0]["lr"],
                  "tokens": self.tokens, "tokensPerSecond": round(rate), "seconds": round(self.seconds, 1),
                  "left": round(self.seconds * (1 - done) / max(done, 1e-9))}
        if self.device.type == "cuda":
            values["peakBytes"] = torch.cuda.max_memory_allocated(self.device)
        self.say(**values)

    def one_update(self, update: Update) -> tuple[float, int]:
        """Sum of the losses over the learnt tokens, and how many these were, over all processes."""
        args = self.args
        torch.manual_seed(args.seed + self.update)
        rows = [row for micro in update for row in micro.rows]
        targets = sum(len(self.rows[row].learnt) for row in rows)
        for group in self.optimiser.param_groups:
            group["lr"] = args.rate * rate_factor(self.update, len(self.plan), args.warmup)
        total = torch.zeros((), device=self.device)
        for micro in share_of(update, self.accelerator.process_index, self.accelerator.num_processes):
            loss = self.loss_of([self.rows[row] for row in micro.rows])
            (loss / targets).backward()
            total += loss.detach()
        if self.accelerator.num_processes > 1:
            total = self.add_up(total)
        torch.nn.utils.clip_grad_norm_(self.trained, args.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.tokens += sum(self.lengths[row] for row in rows)
        return float(total), targets

    def add_up(self, total: torch.Tensor) -> torch.Tensor:
        """The gradients of an adapter are small: they are added once an update, in one piece."""
        pieces = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.trained]
        flat = torch.cat([piece.flatten() for piece in pieces] + [total.reshape(1)])
        flat = self.accelerator.reduce(flat, reduction="sum")
        start = 0
        for parameter in self.trained:
            parameter.grad = flat[start : start + parameter.numel()].view_as(parameter).clone()
            start += parameter.numel()
        return flat[-1]

    def loss_of(self, rows: list[Encoded]) -> torch.Tensor:
        batch = [each.to(self.device) for each in collate(rows, self.pad)]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == "bf16"):
            return self.loss(*batch)

    def check_loss(self) -> None:
        shortest = min(self.rows, key=lambda row: len(row.ids))
        batch = [each.to(self.device) for each in collate([shortest], self.pad)]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == "bf16"):
            short = self.loss.check(*batch)
        if not short:
            self.say(note="This model needs all its logits: more memory than estimated.")


def write_whole(path: Path, text: str) -> None:
    path.with_name(path.name + ".part").write_text(text)
    path.with_name(path.name + ".part").replace(path)


def main() -> None:
    args = parse_arguments()
    training = Training(args)
    if args.estimate:
        training.require_memory()
        return
    training.prepare()
    training.open()
    training.train()


if __name__ == "__main__":
    run(main)
