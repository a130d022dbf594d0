"""What torch says: logits and greedy tokens of the base and of the distilled student, in f32, after prompts of homes of
our own. src/students/smollm2/smollm2.test.ts holds ours to it.

    python -m smollm2.self_test --base BASE --adapter smollm2/adapter --out smollm2/self-test.json
"""
from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from training.environment import Environment

STREAM = {
    "seed": "self-test", "official": 0, "disturbance": 0, "variation": 0, "maxSteps": 30, "scripts": 0,
    "mix": {"configurations": [["none", 1]], "relevance": [["right", 1]]},
}
GREEDY = 24


def prompts(tokenizer: Any, count: int) -> list[dict]:
    """Openings of episodes, the first one with a turn behind it, the next without, and so on."""
    environment = Environment(None, STREAM)
    made = []
    for i, conversation in enumerate(environment.conversations(count)):
        messages = [{"role": role, "content": content} for role, content, _ in conversation["messages"]]
        first = next(at for at, message in enumerate(messages) if message["role"] == "assistant")
        shown = messages[: first + (0 if i % 2 else 2)]
        text = tokenizer.apply_chat_template(shown, tokenize=False, add_generation_prompt=True)
        made.append({"messages": shown, "prompt": tokenizer(text, add_special_tokens=False)["input_ids"]})
    environment.close()
    return made


@torch.no_grad()
def says(model: Any, prompt: list[int], end: int) -> dict:
    out = model(torch.tensor([prompt]), use_cache=True)
    logits = out.logits[0, -1].float()
    greedy: list[int] = []
    row = logits
    while len(greedy) < GREEDY:
        token = int(row.argmax())
        greedy.append(token)
        if token == end:
            break
        out = model(torch.tensor([[token]]), past_key_values=out.past_key_values, use_cache=True)
        row = out.logits[0, -1].float()
    return {"logits": base64.b64encode(logits.numpy().tobytes()).decode(), "greedy": greedy}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    shown = prompts(tokenizer, args.count)
    model = AutoModelForCausalLM.from_pretrained(args.base, dtype=torch.float32).eval()
    students = {"base": [{**one, **says(model, one["prompt"], tokenizer.eos_token_id)} for one in shown]}
    if args.adapter is not None:
        model = PeftModel.from_pretrained(model, args.adapter).merge_and_unload().eval()
        students["distilled"] = [{**one, **says(model, one["prompt"], tokenizer.eos_token_id)} for one in shown]
    args.out.write_text(json.dumps({"version": 1, "tolerance": 0.01, **students}) + "\n")


if __name__ == "__main__":
    main()
