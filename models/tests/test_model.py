"""The lean model against transformers' Qwen3ForCausalLM, and its incremental form against its whole one."""
from pathlib import Path

import pytest
import torch
from transformers import Qwen3ForCausalLM

from training import lora
from training.model import ModelConfig, PocketModel, load_model, save_model


@pytest.fixture()
def model() -> PocketModel:
    torch.manual_seed(3)
    model = PocketModel(ModelConfig(vocab_size=97, hidden_size=48, num_hidden_layers=3, intermediate_size=64, head_dim=16))
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.add_(0.3 * torch.randn_like(p)) if p.dim() == 1 else p.mul_(10 if "embed" in name else 1)
    return model


def all_logits(model: PocketModel, ids: torch.Tensor) -> torch.Tensor:
    return model.logits(model.hidden(ids))


def test_logits_are_those_of_transformers(model: PocketModel, tmp_path: Path) -> None:
    save_model(model, tmp_path, eos=2, pad=0)
    reference = Qwen3ForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    ids = torch.randint(0, 97, (2, 90))
    with torch.no_grad():
        torch.testing.assert_close(all_logits(model, ids), reference(ids).logits, atol=2e-4, rtol=1e-4)


def test_a_saved_model_is_the_same_when_loaded(model: PocketModel, tmp_path: Path) -> None:
    save_model(model, tmp_path, eos=2, pad=0)
    for (name, p), (_, q) in zip(model.named_parameters(), load_model(tmp_path).named_parameters()):
        assert torch.equal(p, q), name


def test_ragged_extension_gives_the_logits_of_each_conversation_alone(model: PocketModel) -> None:
    torch.manual_seed(5)
    lengths = [31, 17, 24]
    rows = [torch.randint(0, 97, (n,)) for n in lengths]
    cache = model.empty_cache(3, 80)
    start = torch.zeros(3, dtype=torch.long)
    for a, b in ((0, 10), (10, 11), (11, 40)):  # in three pieces, the last padded
        pieces = [row[a:b] for row in rows]
        width = max(len(piece) for piece in pieces)
        ids = torch.zeros(3, width, dtype=torch.long)
        for i, piece in enumerate(pieces):
            ids[i, : len(piece)] = piece
        hidden = model.extend(cache, start, ids)
        start = start + torch.tensor([len(piece) for piece in pieces])
    for i, row in enumerate(rows):
        got = model.logits(hidden[i, : lengths[i] - 11])
        with torch.no_grad():
            torch.testing.assert_close(got, all_logits(model, row[None])[0, 11:], atol=2e-4, rtol=1e-4)


def test_a_merged_adapter_gives_the_logits_of_the_adapted_model(model: PocketModel, tmp_path: Path) -> None:
    ids = torch.randint(0, 97, (1, 40))
    before = all_logits(model, ids).detach()
    config = lora.add_adapter(model, 4, seed=1)
    assert torch.equal(all_logits(model, ids), before)  # B is zero at first
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_B" in name:
                p.normal_()
    adapted = all_logits(model, ids)
    assert (adapted - before).abs().max() > 0.1
    torch.testing.assert_close(all_logits(lora.merged_model(model), ids), adapted, atol=1e-3, rtol=1e-3)
    lora.save_adapter(model, config, tmp_path, "base")
    trained = {name for name, p in model.named_parameters() if p.requires_grad}
    assert trained and all("lora_" in name for name in trained)
