"""What smollm2.distil computes at once for conversations of one room is the gradient that each alone would give."""
import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from finetune.encode import Encoded
from finetune.model import Loss, collate, load_adapted, trained_parameters
from smollm2.distil import gradients, plan_groups, shared_length
from smollm2.packed import BLOCK, use_packed_attention


@pytest.fixture
def base(tmp_path):
    torch.manual_seed(3)
    config = LlamaConfig(vocab_size=97, hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=6,
                         num_key_value_heads=2, head_dim=8, max_position_embeddings=1024, tie_word_embeddings=True)
    LlamaForCausalLM(config).save_pretrained(tmp_path)
    return str(tmp_path)


def conversations(opening: int, lengths: list[int]) -> list[Encoded]:
    rng = np.random.default_rng(4)
    shared = rng.integers(0, 97, opening)
    rows = []
    for index, length in enumerate(lengths):
        tail = rng.integers(0, 97, length)
        tail[0] = index
        learnt = opening + np.sort(rng.choice(np.arange(2, length), 5, replace=False))
        rows.append(Encoded(np.concatenate([shared, tail]).astype(np.int32), learnt.astype(np.int32)))
    return rows


# Shorter and longer than a block of queries, and not of whole blocks.
@pytest.mark.parametrize("opening, lengths", [(30, [9, 25, 40]), (BLOCK + 7, [BLOCK + 1, 12]), (5, [2 * BLOCK + 3])])
def test_gradients_are_those_of_the_longer_way(base, opening, lengths):
    rows = conversations(opening, lengths)
    model = load_adapted(base, 4, 0.0, torch.float32, 0, checkpointing=False)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.05)
    trained, loss = trained_parameters(model), Loss(model)
    wanted = sum(len(row.learnt) for row in rows)
    total = loss(*collate(rows, 0))
    (total / wanted).backward()
    expected = [parameter.grad.clone() for parameter in trained]
    for parameter in trained:
        parameter.grad = None
    use_packed_attention(model)
    found, targets, computed = gradients(model, loss, rows)
    assert targets == wanted
    assert computed == sum(len(row.ids) for row in rows) - (len(rows) - 1) * shared_length(rows)
    assert found == pytest.approx(float(total.detach()), rel=1e-5)
    for parameter, gradient in zip(trained, expected):
        assert gradient.abs().max() > 0
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-3, atol=1e-3 * float(gradient.abs().max()))


def test_shared_length_ends_before_what_is_learnt():
    rows = conversations(20, [10, 10])
    assert shared_length(rows) == 20
    early = [Encoded(row.ids, np.array([15, 25], np.int32)) for row in rows]
    assert shared_length(early) == 14


def test_groups_are_of_one_room_and_take_nothing_twice():
    rooms = ["a"] * 7 + ["b"] * 9 + ["c"] * 2
    kinds = [("put", "heat", "cool")[i % 3] for i in range(18)]
    groups = plan_groups(rooms, kinds, [100] * 18, [50] * 18, 3, 1e9, 1)
    taken = [i for group in groups for i in group]
    assert len(taken) == len(set(taken)) == 15
    assert all(len(group) == 3 and len({rooms[i] for i in group}) == 1 for group in groups)
    assert plan_groups(rooms, kinds, [100] * 18, [50] * 18, 3, 250, 1) == groups[:2]
