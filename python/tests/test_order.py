from itertools import islice

import pytest
from duomem.order import NumpyOrder, shuffled_cycle


def shuffled(seed, n):
    items = list(range(n))
    NumpyOrder(seed).shuffle(items)
    return items


# numpy 2.4.6: numpy.random.RandomState(seed).shuffle(list(range(n)))
@pytest.mark.parametrize("seed, order", [
    (1234, [7, 2, 9, 1, 0, 8, 4, 5, 6, 3]),
    (0, [6, 2, 1, 3, 0, 5, 4]),
    (42, [0, 17, 15, 1, 8, 5, 11, 3, 18, 16, 13, 2, 9, 19, 4, 12, 7, 10, 14, 6]),
    (4294967295, [4, 1, 0, 2, 3]),
])
def test_the_order_is_numpys(seed, order):
    assert shuffled(seed, len(order)) == order


def test_numpy_itself_agrees_on_the_official_number_of_games():
    numpy = pytest.importorskip("numpy", reason="numpy is not installed; the known orders above are its")
    for seed in (0, 42, 1234, 2**32 - 1):
        items = list(range(3553))
        numpy.random.RandomState(seed).shuffle(items)
        assert shuffled(seed, 3553) == items


def test_goes_round_in_another_order():
    first = list(islice(shuffled_cycle("abcdef", 1234), 12))
    assert sorted(first[:6]) == sorted(first[6:]) == list("abcdef")
    assert first[:6] != first[6:]
