"""How fast torch trains the pocket student's adapter, for scripts/training-speed.ts: a step of one sequence (forward,
backward, clipping, AdamW) on one thread, in f32, by transformers' model and peft's layers. Prints seconds of the CPU.

    python -m training.training_speed 512 5
"""
from __future__ import annotations

import json
import sys
import time

import torch
from transformers import Qwen3ForCausalLM

from .gradient_fixtures import ATTENTION, BETAS, FEED_FORWARD, adapt, batch_loss, sequence
from .kernel_fixtures import POCKET


def main(length: int, steps: int) -> None:
    torch.set_num_threads(1)
    model = Qwen3ForCausalLM.from_pretrained(POCKET, dtype=torch.float32).train()
    trained = adapt(model, "speed", 16, 32.0, ATTENTION + FEED_FORWARD)
    optimiser = torch.optim.AdamW(trained.values(), lr=1e-4, betas=BETAS, weight_decay=0.01)
    seconds = []
    for step in range(steps + 1):
        batch = [sequence(f"speed/{step}", length, 736)]
        began = time.process_time()
        optimiser.zero_grad()
        batch_loss(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimiser.step()
        seconds.append(time.process_time() - began)
    # The first warms up.
    print(json.dumps(seconds[1:]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
