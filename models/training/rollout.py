"""Batched greedy roll-outs over the environment: evaluation, and episodes of corrected mistakes (DAgger)."""
from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Callable

import torch

from .environment import Environment
from .model import Cache, PocketModel
from .tokenizer import CONTEXT, TAUGHT, Message, PocketTokenizer

MAX_REPLY = 48


@dataclass
class Episode:
    """One conversation that is being played."""

    index: int  # in the environment
    game: str
    label: str | None  # what the teacher would say now
    messages: list[Message]
    pending: list[int] = field(default_factory=list)  # tokens not yet in the cache
    length: int = 0  # tokens in the cache
    steps: int = 0
    won: bool = False
    nothing: int = 0
    outcomes: list[str] = field(default_factory=list)


# Decides what is carried out: gets the episode and the student's reply, gives the reply to play and its mark.
Chooser = Callable[[Episode, str], tuple[str, int]]


def own_reply(_: Episode, reply: str) -> tuple[str, int]:
    return reply, CONTEXT


class Player:
    def __init__(self, model: PocketModel, tokenizer: PocketTokenizer, longest: int = 3072, reply: int = MAX_REPLY):
        self.model = model
        self.tokenizer = tokenizer
        self.longest = longest
        self.reply = reply
        self.device = next(model.parameters()).device

    @torch.no_grad()
    def play(
        self, environment: Environment, started: list[dict[str, Any]], max_steps: int = 30, choose: Chooser = own_reply
    ) -> list[Episode]:
        """Plays the episodes that the environment has just begun, all in step."""
        tokenizer = self.tokenizer
        episodes = [Episode(i, each["game"], each["label"], [tuple(m) for m in each["messages"]]) for i, each in enumerate(started)]
        for episode in episodes:
            episode.pending = [token for turn in tokenizer.turns(episode.messages) for token in turn]
        active = list(episodes)
        cache, capacity = self.grow(None, active, 0)
        while active:
            for episode in active:
                episode.pending += tokenizer.roles["assistant"]
            cache, capacity = self.grow(cache, active, capacity)
            replies = self.replies(cache, active)
            requests: list[tuple[int, str, str]] = []
            for episode, (tokens, finished) in zip(active, replies):
                said = tokenizer.decode(tokens)
                played, mark = choose(episode, said)
                if played != said:  # the cache holds the student's words: take them back
                    episode.length -= len(tokens)
                    tokens = tokenizer.text(played)
                    episode.pending = [*tokens, tokenizer.turn_end]
                else:
                    episode.pending = [tokenizer.turn_end]
                episode.messages.append(("assistant", played, mark))
                requests.append((episode.index, played, "stop" if finished or played != said else "length"))
            for episode, step in zip(active, environment.step(requests)):
                episode.steps += 1
                episode.won = step["won"]
                episode.nothing += step["nothingHappens"]
                episode.outcomes.append(step["outcome"])
                episode.label = step.get("label")
                message: Message = ("user", step["message"], CONTEXT)
                episode.messages.append(message)
                episode.pending += tokenizer.turns([message])[0]
            keep = [
                row for row, e in enumerate(active)
                if not e.won and e.steps < max_steps and e.length + len(e.pending) + 2 * self.reply < self.longest
            ]
            if len(keep) < len(active):
                rows = torch.tensor(keep, dtype=torch.long, device=self.device)
                cache = [(k.index_select(0, rows), v.index_select(0, rows)) for k, v in cache]
                active = [active[row] for row in keep]
        return episodes

    def grow(self, cache: Cache | None, active: list[Episode], capacity: int) -> tuple[Cache, int]:
        """Room for everything pending and one more reply."""
        # Rows are padded to the longest pending piece, so a long row may be written that far behind its own end.
        needed = max(e.length for e in active) + max(len(e.pending) for e in active) + self.reply + 8
        if cache is not None and needed <= capacity:
            return cache, capacity
        larger = max(needed, capacity + 256)
        grown = self.model.empty_cache(len(active), larger)
        if cache is not None:
            for (k, v), (old_k, old_v) in zip(grown, cache):
                k[:, :, :capacity] = old_k
                v[:, :, :capacity] = old_v
        return grown, larger

    def feed(self, cache: Cache, active: list[Episode]) -> torch.Tensor:
        """Puts what is pending into the cache, in pieces so that memory stays small; logits after the last token."""
        last = torch.zeros(len(active), self.model.config.hidden_size, device=self.device)
        while any(e.pending for e in active):
            width = min(256, max(len(e.pending) for e in active))
            ids = torch.full((len(active), width), self.tokenizer.pad, dtype=torch.long)
            taken = [min(width, len(e.pending)) for e in active]
            for row, (episode, n) in enumerate(zip(active, taken)):
                ids[row, :n] = torch.tensor(episode.pending[:n], dtype=torch.long)
            start = torch.tensor([e.length for e in active])
            hidden = self.model.extend(cache, start.to(self.device), ids.to(self.device))
            for row, (episode, n) in enumerate(zip(active, taken)):
                if n > 0:
                    last[row] = hidden[row, n - 1]
                episode.length += n
                episode.pending = episode.pending[n:]
        return self.model.logits(last)

    def replies(self, cache: Cache, active: list[Episode]) -> list[tuple[list[int], bool]]:
        """Greedy replies; a reply's tokens are in the cache afterwards, the end of the turn isn't."""
        end = self.tokenizer.turn_end
        chosen = self.feed(cache, active).argmax(-1)
        said: list[list[int]] = [[] for _ in active]
        open_ = [True] * len(active)
        for _ in range(self.reply):
            tokens = chosen.tolist()
            for row, token in enumerate(tokens):
                if open_[row] and token == end:
                    open_[row] = False
                elif open_[row]:
                    said[row].append(token)
            if not any(open_):
                break
            # Rows that are done go along: what they write lies behind their end and is overwritten.
            start = torch.tensor([e.length + len(words) - (1 if o else 0) for e, words, o in zip(active, said, open_)])
            hidden = self.model.extend(cache, start.to(self.device), chosen[:, None])
            chosen = self.model.logits(hidden[:, -1]).argmax(-1)
        for episode, words in zip(active, said):
            episode.length += len(words)
        return [(words, not still) for words, still in zip(said, open_)]


def summary(episodes: list[Episode]) -> dict[str, float]:
    played = sum(e.steps for e in episodes)
    return {
        "episodes": len(episodes),
        "solved": sum(e.won for e in episodes),
        "successRate": round(sum(e.won for e in episodes) / max(1, len(episodes)), 4),
        "meanSteps": round(played / max(1, len(episodes)), 2),
        "nothingHappensRate": round(sum(e.nothing for e in episodes) / max(1, played), 4),
        "oddReplies": sum(outcome != "ok" for e in episodes for outcome in e.outcomes),
    }


def by_task_type(episodes: list[Episode]) -> dict[str, list[Episode]]:
    kinds: dict[str, list[Episode]] = {}
    for episode in episodes:
        kinds.setdefault(episode.game.split("/")[1].split("-")[0], []).append(episode)
    return dict(sorted(kinds.items()))


class Corrector:
    """Chooses what is carried out in an episode of corrected mistakes.

    Where the student says what the teacher would say, it is context. A share of its other actions is carried out as it
    is and not learnt, so that what follows shows how to recover; the rest are replaced by the teacher's turn, learnt.
    """

    def __init__(self, rng: random.Random, carried_out: float = 0.5):
        self.rng = rng
        self.carried_out = carried_out
        self.turns = 0
        self.deviations = 0

    def __call__(self, episode: Episode, reply: str) -> tuple[str, int]:
        self.turns += 1
        label = episode.label
        if label is None or reply == label:
            return reply, TAUGHT
        if action_of(reply) != action_of(label):
            self.deviations += 1
            if self.stands(episode):
                return reply, CONTEXT
        return label, TAUGHT

    def stands(self, _: Episode) -> bool:
        """Whether a wrong turn is carried out."""
        return self.rng.random() < self.carried_out


def action_of(reply: str) -> str:
    return reply.rpartition("Action: ")[2]
