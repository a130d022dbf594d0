"""The conversations that `duomem conversations` wrote, and what of each the student is shown in training.

The prompts are written by the TypeScript side alone (src/agent/prompt.ts); here turns are left out, never worded.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from .refusal import Refusal

VERSION = 1
# Turns before the one to be learnt that a strategy shows (paper, section 5.5); None: all. The same as duomem eval's
# --history full, last-5 and latest, which show a student as many at play.
STRATEGIES: dict[str, int | None] = {"full-history": None, "last-5": 5, "latest-only": 1}


@dataclass(frozen=True)
class Conversation:
    game: str
    memory: str
    opening: int  # messages before the first reply
    messages: tuple[tuple[str, str], ...]  # role, content
    learnt: tuple[int, ...]  # indices of the replies to be learnt


@dataclass(frozen=True)
class Sample:
    messages: tuple[tuple[str, str], ...]
    learnt: tuple[int, ...]


def read_conversations(path: Path) -> list[Conversation]:
    """Reads a whole file; refuses one that holds something else, naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Refusal(f"{path}: The conversations can't be read: {error.strerror}.") from error
    conversations = [read_line(line, f"{path}, line {i + 1}") for i, line in enumerate(lines) if line.strip()]
    if not conversations:
        raise Refusal(f"{path}: The file holds no conversations.")
    return conversations


def read_line(line: str, place: str) -> Conversation:
    try:
        record = json.loads(line)
        if record["kind"] != "conversation" or record["version"] != VERSION:
            raise Refusal(f"{place}: This is no conversation of version {VERSION}; `duomem conversations` writes them.")
        messages = [(str(role), str(content), int(mark)) for role, content, mark in record["messages"]]
        opening = int(record["opening"])
        roles = [role for role, _, _ in messages[opening:]]
        if opening < 1 or not roles or roles != (["assistant", "user"] * len(roles))[: len(roles)]:
            raise Refusal(f"{place}: After the opening, replies and observations must alternate.")
        learnt = tuple(i for i, (role, _, mark) in enumerate(messages) if mark == 1 and role == "assistant")
        return Conversation(
            game=str(record["game"]), memory=str(record["memory"]), opening=opening,
            messages=tuple((role, content) for role, content, _ in messages), learnt=learnt,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{place}: This line is not a conversation: {type(error).__name__} {error}.") from error


def samples(conversation: Conversation, strategy: str) -> Iterator[Sample]:
    """Full History: the whole conversation once, every reply a target. The others: one sample a reply, which is shown
    the opening and its last turns only; what an earlier reply says is a target where it is the newest."""
    shown = STRATEGIES[strategy]
    messages, opening = conversation.messages, conversation.opening
    if shown is None:
        if conversation.learnt:
            last = conversation.learnt[-1]
            yield Sample(messages[: last + 1], conversation.learnt)
        return
    for index in conversation.learnt:
        turn = (index - opening) // 2
        first = opening + 2 * max(0, turn - shown)
        kept = messages[:opening] + messages[first : index + 1]
        yield Sample(kept, (len(kept) - 1,))
