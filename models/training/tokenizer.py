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
    weights: np.ndarray  # float32, how much each of them counts


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

    def chat(self, messages: list[Message], least_mark: int, context_weight: float = 0.0) -> Encoded:
        """Learnt are the replies (with the token that ends them) of messages marked at least `least_mark`, with weight 1;
        everything else too, except replies that nobody should learn, where `context_weight` is above 0."""
        ids: list[int] = []
        weights: list[float] = []
        shown = [(role, mark) for role, _, mark in messages if role != "system"]
        for (role, mark), turn in zip(shown, self.turns(messages)):
            body = len(turn) - len(self.roles[role])
            weight = 1.0 if mark >= least_mark else context_weight if role == "user" or mark > CONTEXT else 0.0
            weights += [0.0] * (len(turn) - body) + [weight] * body
            ids += turn
        weights[: len(self.roles["user"]) + 1] = [0.0] * (len(self.roles["user"]) + 1)  # nothing stands before them
        weighed = np.array(weights, np.float32)
        learnt = np.flatnonzero(weighed).astype(np.int32)
        return Encoded(np.array(ids, np.int16), learnt, weighed[learnt])
