"""Averages two checkpoints of one model: what one run has learnt anew is kept, and less of what it forgot is lost.

    python -m training.average --models models/pocket RUN --share 0.7 --out AVERAGE

Weights of a run and of the model that it began with lie close enough together for that (Wortsman et al., "Robust
fine-tuning of zero-shot models", 2022).
"""
from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from .model import PocketModel, load_model, save_model
from .tokenizer import PocketTokenizer


@torch.no_grad()
def average(first: PocketModel, second: PocketModel, share: float) -> PocketModel:
    """first, with `share` (0 to 1) of the way to second gone, in place. ValueError where their shapes differ."""
    others = dict(second.named_parameters())
    if {name: p.shape for name, p in first.named_parameters()} != {name: p.shape for name, p in others.items()}:
        raise ValueError("the two models have other parameters or shapes")
    for name, p in first.named_parameters():
        p.lerp_(others[name].to(p.dtype), share)
    return first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, nargs=2, required=True, metavar=("FIRST", "SECOND"))
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    first, second = args.models
    if not 0 <= args.share <= 1:
        parser.error("--share is a number from 0 to 1")
    if (first / "tokenizer.json").read_bytes() != (second / "tokenizer.json").read_bytes():
        parser.error("the two models have different tokenizers")
    tokenizer = PocketTokenizer(first)
    args.out.mkdir(parents=True, exist_ok=True)
    averaged = average(load_model(first), load_model(second), args.share)
    save_model(averaged, args.out, tokenizer.turn_end, tokenizer.pad)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(first / name, args.out / name)


if __name__ == "__main__":
    main()
