"""Several episodes that are stepped together, one message a step; what the shapes of ALFWorld and Gymnasium stand on."""
import itertools

from .client import EngineError

_names = itertools.count()


class Batch:
    """
    size: how many episodes. play: maxSteps, playOn, dialect; want: progress, expert (docs/alfworld.md).
    An answer holds a list for each thing told ("observation", "won" ...), in the order of the episodes.
    """

    def __init__(self, client, size, play=None, want=None):
        self._client = client
        # A list that hasn't changed isn't sent again: it's most of what a step says.
        self._want = {**(want or {}), "changes": True}
        self._play = play or {}
        prefix = f"python-{id(client):x}-{next(_names)}"
        self._episodes = [f"{prefix}-{i}" for i in range(size)]
        self._listed = [None] * size

    def __len__(self):
        return len(self._episodes)

    def reset(self, picks):
        """Starts an episode in each place; a pick says which game: {"game": key}, {"seed": 1}, {"home": 7, "task": 0} ..."""
        if len(picks) != len(self):
            raise ValueError(f"{len(picks)} games for {len(self)} episodes")
        want, play = self._want, self._play
        answers = self._client.batch(
            {"op": "reset", "episode": name, **play, **pick, **want} for name, pick in zip(self._episodes, picks)
        )
        for answer in answers:
            if "error" in answer:
                raise EngineError.of(answer["error"])
        return self._listing({key: [answer[key] for answer in answers] for key in answers[0]} if answers else {})

    def step(self, actions):
        """One action in each place."""
        if len(actions) != len(self):
            raise ValueError(f"{len(actions)} actions for {len(self)} episodes")
        answer = self._client.request("steps", episodes=self._episodes, actions=list(actions), **self._want)
        return self._listing(answer)

    def _listing(self, answer):
        listed = self._listed
        for i, commands in enumerate(answer.get("admissible", ())):
            if commands is not None:
                listed[i] = commands
        answer["admissible"] = list(listed)
        return answer

    def close(self):
        """Lets the engine forget the episodes."""
        self._client.batch({"op": "close", "episode": episode} for episode in self._episodes)
