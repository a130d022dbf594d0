"""Samples as tokens, through the model's own chat template; which of the tokens are learnt.

A reply's tokens are found in the rendered text by rendering the conversation before it: so no template has to mark
them. Each reply is learnt with the special token that ends its turn, and nothing else is.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2.exceptions import TemplateError

from .conversations import Sample
from .refusal import Refusal

# What a template may put between the start of a reply and its text, such as an empty block of thinking.
LONGEST_LEAD = 64


@dataclass(frozen=True)
class Encoded:
    ids: np.ndarray  # int32
    learnt: np.ndarray  # int32, positions of the tokens to be learnt, none of them 0
    cut: bool = False  # turns at the end were left out, since they did not fit


class ChatEncoder:
    def __init__(self, tokenizer: Any, longest: int):
        if not tokenizer.is_fast or tokenizer.chat_template is None:
            raise Refusal("The model's tokenizer must be a fast one (tokenizer.json) with a chat template.")
        self.tokenizer = tokenizer
        self.longest = longest
        added = tokenizer.added_tokens_decoder
        self.special = set(tokenizer.all_special_ids) | {i for i, token in added.items() if token.special}

    def render(self, messages: tuple[tuple[str, str], ...], prompt: bool) -> str:
        chat = [{"role": role, "content": content} for role, content in messages]
        try:
            return self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=prompt)
        except TemplateError as error:
            raise Refusal(f"The model's chat template does not take these conversations: {error}.") from error

    def encode(self, sample: Sample) -> Encoded | None:
        """None where not even one reply fits into the longest length."""
        text = self.render(sample.messages, prompt=False)
        made = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        ids = np.array(made["input_ids"], np.int32)
        starts, ends = np.array(made["offset_mapping"], np.int64).reshape(-1, 2).T
        learnt: list[np.ndarray] = []
        for index in sample.learnt:
            first, last = self.find(sample, index, text)
            at = self.tokens_of(ids, starts, ends, first, last)
            if at[-1] >= self.longest:
                break
            learnt.append(at)
        if not learnt:
            return None
        cut = len(learnt) < len(sample.learnt)
        positions = np.concatenate(learnt).astype(np.int32)
        # What comes behind the last target teaches nothing.
        return Encoded(ids[: positions[-1] + 1], positions, cut)

    def find(self, sample: Sample, index: int, text: str) -> tuple[int, int]:
        """Where a reply stands in the rendered conversation."""
        before = self.render(sample.messages[:index], prompt=True)
        content = sample.messages[index][1].strip()
        at = text.find(content, len(before)) if text.startswith(before) else -1
        if at < 0 or at - len(before) > LONGEST_LEAD:
            raise Refusal("The model's chat template renders a conversation otherwise than what came before a reply.")
        return at, at + len(content)

    def tokens_of(self, ids: np.ndarray, starts: np.ndarray, ends: np.ndarray, first: int, last: int) -> np.ndarray:
        at = np.flatnonzero((starts < last) & (ends > first))
        if len(at) == 0 or at[0] == 0 or starts[at[0]] < first or ends[at[-1]] > last:
            raise Refusal("The model's tokenizer joins the text of a reply with what stands around it.")
        end = at[-1] + 1
        if end >= len(ids) or int(ids[end]) not in self.special:
            raise Refusal("The model's chat template does not end a reply with a special token.")
        return np.append(at, end)
