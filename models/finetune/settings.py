"""What a training run is told, and what makes two runs the same run."""
from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from .conversations import STRATEGIES

DEFAULT_BASE = "Qwen/Qwen3-4B-Instruct-2507"
# Settings that a run may change when it goes on; every other difference makes it another run.
FREE = {"out", "device", "log_updates", "save_minutes", "checking", "force", "estimate", "stop_after"}


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m finetune.train", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains the LoRA adapter of a Hugging Face causal model on conversations that `duomem conversations`\n"
        "wrote. The same command resumes. Defaults are the paper's where it says them (r, alpha = 2r, rate, one epoch,\n"
        "bf16, Full History); batch, warm-up and decay are not in it.",
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="conversations, JSON Lines")
    add("--out", type=Path, required=True, help="folder of the run; its adapter comes out in OUT/adapter")
    add("--base", default=DEFAULT_BASE, help="folder or name on the hub (default: %(default)s)")
    add("--input-strategy", choices=list(STRATEGIES), default="full-history")
    add("--rank", type=int, default=8, help="r; alpha is 2r (paper: 8, 16 or 32)")
    add("--learning-rate", "--rate", dest="rate", type=float, default=5e-5, help="learning rate (paper: 1e-6, 5e-6, 1e-5 or 5e-5)")
    add("--epochs", type=int, default=1)
    add("--batch", type=int, default=16, help="samples of an update, all processes together")
    add("--micro-tokens", type=int, default=8192, help="tokens on a device at once, padding included")
    add("--max-length", "--longest", dest="longest", type=int, default=4096, help="longer conversations lose their last turns")
    add("--warmup", type=float, default=0.03, help="share of the updates in which the rate rises")
    add("--dropout", type=float, default=0.0, help="of the adapter")
    add("--weight-decay", type=float, default=0.0)
    add("--clip", type=float, default=1.0, help="largest norm of a gradient")
    add("--seed", type=int, default=0)
    add("--dtype", choices=["bf16", "f32"], help="of the base and of computing; default bf16, on a CPU f32")
    add("--no-checkpointing", dest="checkpointing", action="store_false", help="keep all activations: faster, larger")
    add("--checkpoints", type=int, default=4, help="adapters kept on the way, evenly spread, the last one included")
    add("--device", choices=["auto", "cpu"], default="auto")
    add("--log-updates", type=int, default=10)
    add("--save-minutes", type=float, default=5.0)
    add("--estimate", action="store_true", help="say what the run would need, and stop")
    add("--force", action="store_true", help="start although the memory seems too small")
    add("--stop-after", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args(words)
    for name in ("rank", "epochs", "batch", "micro_tokens", "longest", "checkpoints"):
        if getattr(args, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1")
    return args


def identity(args: argparse.Namespace, dtype: str) -> dict[str, str]:
    """Everything that the trained adapter depends on."""
    kept = {name: str(value) for name, value in vars(args).items() if name not in FREE | {"data", "dtype"}}
    digest = hashlib.sha256(args.data.read_bytes()).hexdigest()
    return {**kept, "dtype": dtype, "data": digest}


def rate_factor(update: int, updates: int, warmup: float) -> float:
    """Rises in a line over the warm-up, then falls in a line to zero behind the last update."""
    rising = max(1, round(warmup * updates))
    if update < rising:
        return (update + 1) / rising
    return (updates - update) / max(1, updates - rising)
