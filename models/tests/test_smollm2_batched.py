"""SmolLM2 in batches: logits as transformers', prompts as its chat template, replies with a draft as those without."""
from pathlib import Path
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from smollm2.batched import DraftingPlayer, load_batched
from tests.test_rollout import STARTED, TOKENIZER, Scripted, player


def test_logits_are_those_of_transformers(tmp_path: Path) -> None:
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=96, hidden_size=48, intermediate_size=80, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2,
        max_position_embeddings=4096, rope_parameters={"rope_type": "default", "rope_theta": 100000.0}, rms_norm_eps=1e-5,
        tie_word_embeddings=True,
    )
    theirs = LlamaForCausalLM(config).eval()
    for name, parameter in theirs.named_parameters():
        if "norm" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    theirs.save_pretrained(tmp_path)
    ours = load_batched(str(tmp_path), None, torch.float32)
    ids = torch.randint(0, 96, (2, 40))
    with torch.no_grad():
        expected = theirs(ids).logits
        cache = ours.empty_cache(2, 64)
        first = ours.extend(cache, torch.tensor([0, 0]), ids[:, :25])
        second = ours.extend(cache, torch.tensor([25, 25]), ids[:, 25:])
        assert torch.allclose(ours.logits(torch.cat([first, second], 1)), expected, atol=1e-4)


class Labelled(Scripted):
    """Says what it was told to say as the teacher's next reply."""

    def __init__(self, labels: dict[tuple[int, int], str]):
        super().__init__()
        self.labels = labels

    def step(self, replies: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
        answers = super().step(replies)
        for (index, _, _), answer in zip(replies, answers):
            answer["label"] = self.labels.get((index, self.steps[index]), "")
        return answers


def test_a_draft_changes_no_reply() -> None:
    plain = Scripted()
    expected = [episode.messages for episode in player().play(plain, STARTED, 6)]
    own: dict[tuple[int, int], str] = {}
    for index, text, _ in plain.heard:
        own[index, sum(key[0] == index for key in own)] = text
    # Right to the end, right at the start, wrong, cut short, too long.
    drafts = {
        key: [text, text[: len(text) // 2] + " desk", "put a mug", text[: len(text) // 3], text + " and look"][sum(key) % 5]
        for key, text in own.items()
    }
    started = [{**each, "label": drafts[i, 0]} for i, each in enumerate(STARTED)]
    drafting = DraftingPlayer(player().model, TOKENIZER)
    assert [episode.messages for episode in drafting.play(Labelled(drafts), started, 6)] == expected
    assert sum(len(messages) for messages in expected) > 20
