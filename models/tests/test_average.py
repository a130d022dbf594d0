"""The average of two checkpoints."""
import pytest
import torch

from training.average import average
from training.model import ModelConfig, PocketModel

SIZES = {"vocab_size": 20, "hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 24, "num_attention_heads": 2}


def model(seed: int, **changes: int) -> PocketModel:
    torch.manual_seed(seed)
    return PocketModel(ModelConfig(**{**SIZES, **changes}))


def test_every_parameter_lies_between_the_two() -> None:
    ends = [dict(model(seed).named_parameters()) for seed in (1, 2)]
    for name, p in average(model(1), model(2), 0.25).named_parameters():
        assert torch.allclose(p, 0.75 * ends[0][name] + 0.25 * ends[1][name], atol=1e-6)


def test_models_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        average(model(1), model(2, intermediate_size=32), 0.5)
