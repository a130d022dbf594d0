"""
The order in which ALFWorld's environment plays its games: numpy's RandomState(seed).shuffle, without numpy. Both are
the Mersenne Twister; only the seeding and the drawing of a bounded number differ from Python's own.
"""
import random


class NumpyOrder:
    """numpy.random.RandomState(seed), as far as shuffling a list needs it."""

    def __init__(self, seed):
        # init_genrand of the reference implementation (Matsumoto and Nishimura, mt19937ar.c), as numpy seeds with an int.
        state = [seed & 0xFFFFFFFF]
        for i in range(1, 624):
            state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + i) & 0xFFFFFFFF)
        self._random = random.Random()
        self._random.setstate((3, (*state, 624), None))

    def _below(self, limit):
        """A number from 0 to limit: the low bits of 32, drawn again while they are too large."""
        mask = (1 << limit.bit_length()) - 1
        while (value := self._random.getrandbits(32) & mask) > limit:
            pass
        return value

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self._below(i)
            items[i], items[j] = items[j], items[i]


def shuffled_cycle(items, seed):
    """All items in a shuffled order, then again in another, for ever (textworld.gym.envs.utils)."""
    order = NumpyOrder(seed)
    items = list(items)
    while items:
        order.shuffle(items)
        yield from items
