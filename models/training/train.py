"""Trains the pocket student, one stage a run.

    python -m training.train --stage base    --games G --tokenizer T --out RUN/base --tokens 12e6
    python -m training.train --stage distil  --init RUN/base --lora 16 ...       (LoRA, paper section 3.3)
    python -m training.train --stage distil  --init RUN/base ...                 (full fine-tuning, to compare)
    python -m training.train --stage correct --init RUN/full --rounds 2 ...      (its own mistakes, corrected)

base:    generated homes with straying rooms and habits, disturbed episodes; the observations are learnt too, with a
         small weight.
distil:  the teacher's trajectories on the official training games, on homes and on chores beyond the official six kinds,
         Full History, assistant tokens only.
correct: like distil, with episodes that the student played and the teacher corrected (DAgger), in rounds.
Every stage mixes the four memory configurations, and learns the turns of the reference trajectory too, which are the
teacher's as well: a quarter more targets for the same tokens. A run is resumed by the same command. See models/README.md.
"""
from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator

import torch

from . import lora
from .data import Batch, ConversationSource, cut_batches
from .environment import Environment
from .model import ModelConfig, PocketModel, load_model, save_model
from .parallel import Group
from .optim import make_adapter_optimisers, make_optimisers, rate_factor, set_rates
from .rollout import Corrector, Player, summary
from .tokenizer import REFERENCE, TAUGHT, Encoded, PocketTokenizer

# The base sees fewer memories: an episode alone has more to learn in fewer tokens.
BASE_MIX = {
    "configurations": [["none", 0.6], ["script", 0.14], ["trajectory", 0.1], ["memp", 0.16]],
    "relevance": [["right", 0.7], ["mixed", 0.18], ["irrelevant", 0.12]],
}
# What the base learns to say besides replies, as a share of a reply's weight: the language of the observations, and
# with it where things are.
CONTEXT_WEIGHT = 0.2
STREAMS: dict[str, dict[str, Any]] = {
    "base": {"official": 0.0, "chores": 0.35, "drills": 0.5, "disturbance": 0.15, "variation": 0.1, "maxSteps": 40, "mix": BASE_MIX},
    "distil": {"official": 0.45, "chores": 0.35, "drills": 0.5, "disturbance": 0.1, "variation": 0.05, "maxSteps": 30},
    "correct": {"official": 0.35, "chores": 0.3, "drills": 0.5, "disturbance": 0.1, "variation": 0.0, "maxSteps": 30},
}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=list(STREAMS), required=True)
    parser.add_argument("--games", type=Path, required=True, help="the official games: a folder or a zip")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="folder of the model to start from")
    parser.add_argument("--tokens", type=float, required=True, help="tokens to train on, padding not counted")
    parser.add_argument("--batch", type=int, default=8192, help="tokens of a batch, with padding")
    parser.add_argument("--buffer", type=int, default=512, help="conversations that are sorted by length together")
    parser.add_argument("--max-length", "--longest", dest="longest", type=int, default=2304, help="longer conversations are left out")
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--ffn", type=int, default=512)
    parser.add_argument("--heads", type=int, default=6)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--muon-learning-rate", "--muon", dest="muon", type=float, default=6e-3)
    parser.add_argument("--adam-learning-rate", "--adam", dest="adam", type=float, default=3e-3)
    parser.add_argument("--weight-decay", type=float, default=0.1)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--decay", type=float, default=0.35, help="share of the run in which the rate falls")
    parser.add_argument("--lora", type=int, default=0, help="rank of the adapter; 0 trains all parameters")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of corrected mistakes")
    parser.add_argument("--round-episodes", type=int, default=400)
    parser.add_argument("--few-memories", action="store_true", help="mix memories as the base stage does: 60 % none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="of each process")
    parser.add_argument("--processes", type=int, default=1, help="that average their gradients; for CPUs")
    parser.add_argument("--rank", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--log-steps", type=int, default=25)
    parser.add_argument("--autocast", action="store_true", help="bf16; default on a GPU, slower on CPUs without AMX")
    parser.add_argument("--eager", action="store_true", help="no torch.compile")
    parser.add_argument("--save-minutes", type=float, default=4.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


class Run:
    """Everything that a checkpoint must hold, and the loop over batches."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        args.out.mkdir(parents=True, exist_ok=True)
        rendezvous = args.out / "rendezvous" if args.processes > 1 else None
        self.group = Group(args.rank, args.processes, rendezvous)
        self.first = args.rank == 0
        self.tokenizer = PocketTokenizer(args.tokenizer)
        self.device = torch.device(args.device)
        self.model = self.make_model().to(self.device)
        self.adapter = lora.add_adapter(self.model, args.lora, args.seed) if args.lora else None
        self.model.to(self.device)
        self.optimisers = (
            make_adapter_optimisers(self.model, args.adam)
            if self.adapter
            else make_optimisers(self.model, args.muon, args.adam, args.weight_decay)
        )
        self.step = 0
        self.tokens = 0
        self.seconds = 0.0
        self.rounds = 0
        self.corrected: list[Encoded] = []
        self.log = (args.out / "log.jsonl").open("a") if self.first else None
        self.resume()
        self.group.share_parameters(self.model)
        self.rng = random.Random(f"{args.seed}/{self.step}/{args.rank}")

    def make_model(self) -> PocketModel:
        args = self.args
        if args.init is not None:
            return load_model(args.init)
        config = ModelConfig(
            vocab_size=self.tokenizer.size, hidden_size=args.hidden, num_hidden_layers=args.layers,
            intermediate_size=args.ffn, num_attention_heads=args.heads, max_position_embeddings=args.context,
        )
        return PocketModel(config)

    def note(self, **values: Any) -> None:
        if self.log is None:
            return
        line = json.dumps(values)
        self.log.write(line + "\n")
        self.log.flush()
        print(line, flush=True)

    # ---- checkpoints

    def resume(self) -> None:
        mistakes = self.args.out / f"corrected-{self.args.rank}.pt"
        if mistakes.exists():
            self.corrected = torch.load(mistakes, weights_only=False)
        path = self.args.out / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=False)
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)
        for name in ("step", "tokens", "seconds", "rounds"):
            setattr(self, name, state[name])
        self.note(resumed=self.step, tokens=self.tokens)

    def save(self) -> None:
        if not self.first:
            return
        state = {name: getattr(self, name) for name in ("step", "tokens", "seconds", "rounds")}
        state["model"] = self.model.state_dict()
        state["optimisers"] = [optimiser.state_dict() for optimiser in self.optimisers]
        temporary = self.args.out / "state.pt.new"
        torch.save(state, temporary)
        temporary.replace(self.args.out / "state.pt")
        self.export()

    def export(self) -> None:
        """The model as transformers reads it, adapter merged; the adapter beside it."""
        out = self.args.out
        plain = lora.merged_model(self.model) if self.adapter else self.model
        save_model(plain, out, self.tokenizer.turn_end, self.tokenizer.pad)
        if self.adapter:
            lora.save_adapter(self.model, self.adapter, out / "adapter", str(self.args.init))
        for name in ("tokenizer.json", "tokenizer_config.json"):
            if (self.args.tokenizer / name).resolve() != (out / name).resolve():
                shutil.copyfile(self.args.tokenizer / name, out / name)

    # ---- the loop

    def train(self) -> None:
        args = self.args
        stream = {**STREAMS[args.stage], "seed": f"{args.stage}/{args.seed}/{self.step}/{args.rank}"}
        if args.few_memories:
            stream["mix"] = BASE_MIX
        environment = Environment(args.games, stream)
        context_weight = CONTEXT_WEIGHT if args.stage == "base" else 0.0
        source = ConversationSource(environment, self.tokenizer, REFERENCE, args.longest, context_weight)
        loss_of = self.model.loss if args.eager else torch.compile(self.model.loss, dynamic=True)
        self.note(stage=args.stage, parameters=self.model.parameter_count(), trained=self.trained_count(),
                  official=environment.official, arguments={k: str(v) for k, v in vars(args).items()})
        batches = self.batches(source)
        self.update(next(batches), loss_of, rehearsal=True)  # compiles, outside the clock
        saved = clock = time.monotonic()
        recent: list[float] = []
        counted = self.tokens
        while self.tokens < args.tokens:
            recent.append(self.update(next(batches), loss_of))
            now = time.monotonic()
            if self.step % args.log_steps == 0:
                self.seconds += now - clock
                self.note(step=self.step, tokens=self.tokens, loss=round(sum(recent) / len(recent), 4),
                          tokensPerSecond=round((self.tokens - counted) / (now - clock)), seconds=round(self.seconds))
                recent, counted, clock = [], self.tokens, now
            if self.rounds < args.rounds and self.tokens >= args.tokens * (self.rounds + 0.5) / (args.rounds + 1):
                self.correct(environment, source)
                clock = time.monotonic()
            if now - saved > args.save_minutes * 60:
                self.save()
                saved = now
        self.save()
        self.note(finished=True, step=self.step, tokens=self.tokens, seconds=round(self.seconds), drawn=dict(source.counts))
        environment.close()

    def batches(self, source: ConversationSource) -> Iterator[Batch]:
        """Without end; a quarter of every buffer are corrected mistakes, once there are any."""
        while True:
            rows = source.take(self.args.buffer)
            if self.corrected:
                rows += self.rng.choices(self.corrected, k=self.args.buffer // 3)
            yield from cut_batches(rows, self.args.batch, self.rng, self.tokenizer.pad)

    def update(self, batch: Batch, loss_of: Any, rehearsal: bool = False) -> float:
        args = self.args
        bf16 = args.autocast or self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=bf16):
            loss = loss_of(*(each.to(self.device) for each in (batch.ids, batch.positions, batch.targets, batch.weights)))
        loss.backward()
        if not rehearsal:
            trained = [p for p in self.model.parameters() if p.requires_grad]
            mean, tokens = self.group.average(trained, float(loss.detach()), batch.tokens)
            set_rates(self.optimisers, rate_factor(self.step, self.tokens / args.tokens, args.warmup, args.decay))
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            for optimiser in self.optimisers:
                optimiser.step()
            self.step += 1
            self.tokens += tokens
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        return 0.0 if rehearsal else mean

    def trained_count(self) -> int:
        return sum(p.numel() for p in self.model.parameters() if p.requires_grad)

    def correct(self, environment: Environment, source: ConversationSource) -> None:
        """One round: the student plays training games, the teacher corrects it."""
        self.rounds += 1
        started = time.monotonic()
        corrector = Corrector(random.Random(f"{self.args.seed}/round/{self.rounds}/{self.args.rank}"))
        plain = lora.merged_model(self.model) if self.adapter else self.model
        player = Player(plain, self.tokenizer)
        added = 0
        played = []
        for _ in range(0, self.args.round_episodes // self.group.size, 100):
            with source.lock:  # the stream and the roll-outs share the environment
                episodes = player.play(environment, environment.begin(100), 30, corrector)
            played += episodes
            for episode in episodes:
                while episode.messages and episode.messages[-1][2] != TAUGHT:
                    episode.messages.pop()
                encoded = self.tokenizer.chat(episode.messages, TAUGHT)
                if len(encoded.learnt) > 0 and len(encoded.ids) <= self.args.longest:
                    self.corrected.append(encoded)
                    added += 1
        torch.save(self.corrected, self.args.out / f"corrected-{self.args.rank}.pt")
        self.note(round=self.rounds, added=added, deviations=round(corrector.deviations / max(1, corrector.turns), 4),
                  seconds=round(time.monotonic() - started), **summary(played))


def main() -> None:
    args = parse_arguments()
    others = []
    if args.rank == 0:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "rendezvous").unlink(missing_ok=True)
        for rank in range(1, args.processes):
            command = [sys.executable, "-m", "training.train", *sys.argv[1:], "--rank", str(rank)]
            others.append(subprocess.Popen(command))
    try:
        Run(args).train()
    finally:
        for other in others:
            try:
                other.wait(timeout=60)
            except subprocess.TimeoutExpired:
                other.terminate()


if __name__ == "__main__":
    main()
