"""
The Gymnasium shape: reset gives (observation, info), step (observation, reward, terminated, truncated, info). With
gymnasium installed an Env is a gymnasium.Env with text spaces; without it, it has the same methods.
"""
from .batch import Batch
from .client import Client

try:
    import gymnasium
except ImportError:
    gymnasium = None

# What observations and commands are made of; the longest official observation has under 1,500 characters, and a
# command has at most as many as the engine reads (docs/alfworld.md).
CHARSET = "".join(map(chr, range(32, 127))) + "\n"
MAX_OBSERVATION, MAX_COMMAND = 10_000, 4_096


class Env(gymnasium.Env if gymnasium else object):
    """
    One episode at a time. games: a folder or zip (none: homes that the engine makes); split: of these; max_steps: after
    which an episode is truncated; expert: "action" or "plan", for info["expert"]; client: one to share with others.
    """

    metadata = {"render_modes": ["ansi"]}

    def __init__(self, games=(), split=None, max_steps=50, expert=None, dialect=None, client=None, render_mode=None, goals=None):
        if client is not None and (games or goals):
            raise ValueError("games and goals are settings of the client; give them to it")
        self._own = client is None
        self._client = client or Client(games=games, goals=goals)
        play = {"maxSteps": max_steps, **({"dialect": dialect} if dialect else {})}
        self._batch = Batch(self._client, 1, play, {"progress": True, **({"expert": expert} if expert else {})})
        self._split = {"split": split} if split else {}
        self._next = 0
        self._last = ""
        self.render_mode = render_mode
        if gymnasium:
            self.observation_space = gymnasium.spaces.Text(MAX_OBSERVATION, min_length=0, charset=CHARSET)
            self.action_space = gymnasium.spaces.Text(MAX_COMMAND, min_length=0, charset=CHARSET)

    def reset(self, *, seed=None, options=None):
        """The game of options ({"game": key}, {"index": 3}, {"home": 7, "task": 0}), or a seed's, or the next one."""
        if gymnasium:
            super().reset(seed=seed)
        if options:
            pick = options
        elif seed is not None:
            pick = {**self._split, "seed": seed}
        else:
            pick = {**self._split, "index": self._next}
            self._next += 1
        answer = self._first(self._batch.reset([pick]))
        self._won = False
        self._last = answer["observation"]
        return self._last, _info(answer)

    def step(self, action):
        answer = self._first(self._batch.step([action]))
        self._last = answer["observation"]
        won = answer["won"]
        reward = 1.0 if won and not self._won else 0.0
        self._won = won
        return self._last, reward, won, answer["done"] and not won, _info(answer)

    @staticmethod
    def _first(answer):
        return {key: values[0] for key, values in answer.items()}

    def render(self):
        return self._last

    def close(self):
        if self._own:
            self._client.close()
        else:
            self._batch.close()


def _info(answer):
    names = {"admissible": "admissible_commands"}
    kept = ("admissible", "won", "steps", "progress", "expert", "expertError", "game", "task")
    return {names.get(key, key): answer[key] for key in kept if key in answer}
