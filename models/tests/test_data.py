"""What is learnt, and how conversations become batches."""
import random
from pathlib import Path

import numpy as np

from training.data import cut_batches
from training.optim import rate_factor
from training.tokenizer import CONTEXT, REFERENCE, TAUGHT, Encoded, PocketTokenizer

TOKENIZER = PocketTokenizer(Path(__file__).parents[1] / "pocket")
MESSAGES = [
    ("system", "You are an agent.", CONTEXT),
    ("user", "Here is an example of how to solve the task:\nYour task is to: put a mug in desk.", CONTEXT),
    ("assistant", "Thought: I look.\nAction: look", REFERENCE),
    ("user", "Now it's your turn.\nYour task is to: put a cup in desk.", CONTEXT),
    ("assistant", "Thought: x\nAction: go to desk 1", TAUGHT),
    ("user", "Observation: Nothing happens.", CONTEXT),
    ("assistant", "Thought: wrong\nAction: help", CONTEXT),
]


def learnt_texts(least_mark: int) -> list[str]:
    encoded = TOKENIZER.chat(MESSAGES, least_mark)
    ids = encoded.ids[encoded.learnt].tolist()
    text = TOKENIZER.tokenizer.decode(ids, skip_special_tokens=False)
    return text.split("<|im_end|>")


def test_only_taught_replies_are_learnt_with_the_token_that_ends_them() -> None:
    assert learnt_texts(TAUGHT) == ["Thought: x\nAction: go to desk 1", ""]
    assert learnt_texts(REFERENCE) == ["Thought: I look.\nAction: look", "Thought: x\nAction: go to desk 1", ""]


def test_the_base_learns_observations_a_little_and_nobodys_mistakes() -> None:
    encoded = TOKENIZER.chat(MESSAGES, REFERENCE, context_weight=0.2)
    by_weight = {w: TOKENIZER.decode([int(i) for i, v in zip(encoded.ids[encoded.learnt], encoded.weights) if abs(v - w) < 1e-6])
                 for w in (0.2, 1.0)}
    assert "Observation: Nothing happens." in by_weight[0.2] and "I look" not in by_weight[0.2]
    assert "I look" in by_weight[1.0] and "help" not in by_weight[0.2] + by_weight[1.0]
    assert 0 not in encoded.learnt


def test_the_conversation_is_rendered_as_the_chat_template_does() -> None:
    from transformers import PreTrainedTokenizerFast

    theirs = PreTrainedTokenizerFast.from_pretrained(Path(__file__).parents[1] / "pocket")
    rendered = theirs.apply_chat_template([{"role": r, "content": c} for r, c, _ in MESSAGES], tokenize=False)
    assert theirs(rendered, add_special_tokens=False)["input_ids"] == TOKENIZER.chat(MESSAGES, TAUGHT).ids.tolist()


def test_batches_hold_every_conversation_once_and_predict_the_next_token() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for n in rng.integers(5, 300, 100):
        ids = rng.integers(1, 500, n).astype(np.int16)
        learnt = np.arange(2, n, 3, dtype=np.int32)
        rows.append(Encoded(ids, learnt, np.ones(len(learnt), np.float32)))
    batches = list(cut_batches(rows, 2048, random.Random(0), pad=0))
    assert sum(b.tokens for b in batches) == sum(len(r.ids) for r in rows)
    assert all(b.ids.shape[0] > 1 and b.ids.shape[1] % 32 == 0 for b in batches)
    assert sum(len(b.targets) for b in batches) == sum(len(r.learnt) for r in rows)
    for b in batches:
        flat = b.ids.reshape(-1)
        assert (flat[b.positions + 1] == b.targets).all()


def test_the_rate_rises_stays_and_falls() -> None:
    assert rate_factor(0, 0.0, 10, 0.4) == 0.1
    assert rate_factor(50, 0.5, 10, 0.4) == 1.0
    assert abs(rate_factor(90, 0.8, 10, 0.4) - 0.5) < 1e-9
    assert rate_factor(99, 1.0, 10, 0.4) == 0.02
