"""The paper's search: every rank with every learning rate (paper, section 4 and appendix C), one run after the other.

    python -m finetune.sweep --data conversations.jsonl --out RUNS                  (12 runs)
    python -m finetune.sweep --data c.jsonl --out RUNS --ranks 8 --rates 1e-5 5e-5 -- --base pocket --device cpu

Each run is a folder RUNS/r8-rate5e-05; what stands behind -- goes to each of them. Runs that are done are passed over and
interrupted ones go on. finetune.select_best picks the best checkpoint of all of them.
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .refusal import BAD_INPUT

RANKS = [8, 16, 32]
RATES = [1e-6, 5e-6, 1e-5, 5e-5]


def run_name(rank: int, rate: float) -> str:
    return f"r{rank}-rate{rate:g}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--ranks", type=int, nargs="+", default=RANKS)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    parser.add_argument("--launch", default="", help="put before each run: 'accelerate launch --num_processes 4'")
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    args, rest = parser.parse_args(words[:split]), words[split + 1 :]
    done = 0
    for rank in args.ranks:
        for rate in args.rates:
            out = args.out / run_name(rank, rate)
            launch = args.launch.split() or [sys.executable]
            command = [*launch, "-m", "finetune.train", "--data", str(args.data), "--out", str(out),
                       "--rank", str(rank), "--rate", f"{rate:g}", *rest]
            print(" ".join(command), file=sys.stderr, flush=True)
            code = subprocess.run(command).returncode
            if code == BAD_INPUT:
                return code
            done += code == 0
    total = len(args.ranks) * len(args.rates)
    print(json.dumps({"runs": total, "finished": done}))
    return 0 if done == total else 1


if __name__ == "__main__":
    sys.exit(main())
