"""The pocket tokenizer in Python: conversations to ids and to the positions that are learnt."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

# A message from the TypeScript side: role, content, mark.
Message = tuple[str, str, int]
CONTEXT, REFERENCE, TAUGHT = 0, 1, 2


@dataclass(frozen=True)
class Encoded:
    ids: np.ndarray  # int16, the whole conversation
    learnt: np.ndarray  # int32, indices into ids of the tokens to be predicted


class PocketTokenizer:
    def __init__(self, folder: Path):
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.size = self.tokenizer.get_vocab_size()
        self.turn_start = self.tokenizer.token_to_id("<|im_start|>")
        self.turn_end = self.tokenizer.token_to_id("<|im_end|>")
        self.pad = self.tokenizer.token_to_id("<|endoftext|>")
        self.roles = {role: [self.turn_start, *self.text(f"{role}\n")] for role in ("user", "assistant")}

    def text(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def decode(self, ids: list[int]) -> str:
        return self.tokenizer.decode(ids, skip_special_tokens=True)

    def turns(self, messages: list[Message]) -> list[list[int]]:
        """Token ids of each message as the chat template renders it; the system message isn't rendered."""
        shown = [message for message in messages if message[0] != "system"]
        bodies = self.tokenizer.encode_batch([content for _, content, _ in shown], add_special_tokens=False)
        return [[*self.roles[role], *body.ids, self.turn_end] for (role, _, _), body in zip(shown, bodies)]

    def chat(self, messages: list[Message], least_mark: int) -> Encoded:
        """Learnt are the replies (with the token that ends them) of messages marked at least `least_mark`."""
        ids: list[int] = []
        learnt: list[int] = []
        marks = [mark for role, _, mark in messages if role != "system"]
        for mark, turn in zip(marks, self.turns(messages)):
            if mark >= least_mark:
                learnt.extend(range(len(ids) + len(self.roles["assistant"]), len(ids) + len(turn)))
            ids.extend(turn)
        return Encoded(np.array(ids, np.int16), np.array(learnt, np.int32))
