"""Roll-outs against a scripted environment: what goes into the cache is what a fresh prompt would hold."""
import random
from pathlib import Path
from typing import Any

import torch

from training.model import ModelConfig, PocketModel
from training.rollout import Corrector, Episode, Player
from training.tokenizer import CONTEXT, TAUGHT, PocketTokenizer

TOKENIZER = PocketTokenizer(Path(__file__).parents[1] / "pocket")


class Scripted:
    """Answers every reply with the same observation; episode i is won after i + 2 steps."""

    def __init__(self) -> None:
        self.steps: dict[int, int] = {}
        self.heard: list[tuple[int, str, str]] = []

    def step(self, replies: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
        answers = []
        for index, text, finish in replies:
            self.heard.append((index, text, finish))
            self.steps[index] = self.steps.get(index, 0) + 1
            won = self.steps[index] >= index + 2
            answers.append({"message": f"Observation: You see {index}.", "won": won, "outcome": "ok",
                            "nothingHappens": False, "label": "Thought: y\nAction: look"})
        return answers


def player() -> Player:
    torch.manual_seed(11)
    model = PocketModel(ModelConfig(TOKENIZER.size, hidden_size=48, num_hidden_layers=2, intermediate_size=64, head_dim=16))
    with torch.no_grad():
        model.model.embed_tokens.weight.mul_(30)
    plain = model.logits

    def logits(hidden: torch.Tensor) -> torch.Tensor:
        """Ends its turns now and then, so that replies have different lengths."""
        scores = plain(hidden)
        scores[..., TOKENIZER.turn_end] = scores.amax(-1) + hidden[..., 0] - 1.2
        return scores

    model.logits = logits  # type: ignore[method-assign]
    return Player(model, TOKENIZER)


STARTED = [
    {"game": f"g{i}", "label": "Thought: y\nAction: look", "messages": [["user", "Your task is to: put a mug in desk. " * (i + 1), 0]]}
    for i in range(4)
]


def greedy(model: PocketModel, ids: list[int], limit: int = 48) -> list[int]:
    said: list[int] = []
    while len(said) < limit:
        with torch.no_grad():
            token = int(model.logits(model.hidden(torch.tensor([ids + said])))[0, -1].argmax())
        if token == TOKENIZER.turn_end:
            break
        said.append(token)
    return said


def test_every_reply_is_the_greedy_one_after_the_whole_conversation() -> None:
    it = player()
    environment = Scripted()
    episodes = it.play(environment, STARTED, max_steps=4)  # type: ignore[arg-type]
    assert [e.steps for e in episodes] == [2, 3, 4, 4]
    assert [e.won for e in episodes] == [True, True, True, False]
    lengths = set()
    for episode in episodes:
        for i, (role, content, _) in enumerate(episode.messages):
            if role != "assistant":
                continue
            ids = [t for turn in TOKENIZER.turns(episode.messages[:i]) for t in turn] + TOKENIZER.roles["assistant"]
            said = greedy(it.model, ids)
            lengths.add(len(said))
            assert TOKENIZER.decode(said) == content
    assert len(lengths) > 1


def test_a_corrected_reply_replaces_the_students_in_the_cache() -> None:
    it = player()
    corrector = Corrector(random.Random(0), carried_out=0.0)
    episodes = it.play(Scripted(), STARTED, max_steps=3, choose=corrector)  # type: ignore[arg-type]
    assert corrector.deviations == corrector.turns > 0
    for episode in episodes:
        replies = [(content, mark) for role, content, mark in episode.messages if role == "assistant"]
        assert set(replies) == {("Thought: y\nAction: look", TAUGHT)}


def test_the_corrector_learns_what_is_right_and_shows_what_was_wrong() -> None:
    episode = Episode(0, "g", "Thought: a\nAction: look", [])
    always = Corrector(random.Random(0), carried_out=1.0)
    assert always(episode, "Thought: a\nAction: look") == ("Thought: a\nAction: look", TAUGHT)
    assert always(episode, "Thought: b\nAction: look") == ("Thought: a\nAction: look", TAUGHT)
    assert always(episode, "Thought: b\nAction: help") == ("Thought: b\nAction: help", CONTEXT)
    assert always.deviations == 1
