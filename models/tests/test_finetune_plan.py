"""Which samples make which update, and on which process."""
import random

import pytest

from finetune.plan import padding_share, plan_updates, share_of
from finetune.settings import rate_factor

LENGTHS = [random.Random(5).randint(100, 2000) for _ in range(300)]


def test_every_sample_comes_once_an_epoch_within_the_limits() -> None:
    updates = plan_updates(LENGTHS, batch=16, micro_tokens=4096, epochs=2, seed=1)
    rows = [row for update in updates for micro in update for row in micro.rows]
    assert sorted(rows) == sorted([*range(300), *range(300)])
    for update in updates:
        assert 0 < sum(len(micro.rows) for micro in update) <= 16
        for micro in update:
            assert micro.length == max(LENGTHS[row] for row in micro.rows)
            assert micro.padded <= 4096
    assert 2 * 300 / 16 <= len(updates) < 2 * 300 / 16 * 1.35
    assert padding_share(updates, LENGTHS) < 0.12


def test_the_plan_follows_from_the_seed() -> None:
    plans = [plan_updates(LENGTHS, 16, 4096, 1, seed) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_processes_share_an_update_without_a_word(processes: int) -> None:
    for update in plan_updates(LENGTHS, 16, 4096, 1, 0):
        parts = [share_of(update, rank, processes) for rank in range(processes)]
        assert sorted(m.rows for part in parts for m in part) == sorted(m.rows for m in update)
        loads = [sum(m.padded for m in part) for part in parts]
        assert max(loads) - min(loads) <= 4096


def test_one_sample_is_a_plan() -> None:
    (update,) = plan_updates([50], 16, 10, 1, 0)
    assert [micro.rows for micro in update] == [(0,)]


def test_the_rate_rises_and_falls_to_nothing() -> None:
    assert [round(rate_factor(u, 10, 0.2), 3) for u in range(10)] == [0.5, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]
    assert rate_factor(0, 1, 0.03) == 1
