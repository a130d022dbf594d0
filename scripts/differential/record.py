"""
Lets the real ALFWorld engine play seeded walks over games and writes them as episodes, one JSON object a line:
{"game","kind","seed","intro","won0","admissible0","steps":[{"action","observation","admissible","won","done"}]}
with admissible null where it is the same list as before. Called by differential.ts; needs the packages of
requirements.txt.
"""
import argparse
import json
import os
import random
import sys
import tempfile
import time
import zipfile

NAME = "game.tw-pddl"


def main():
    options = parse_options()
    games = pick(list_games(options.games), options)
    if options.list:
        for key in games:
            print(key)
        return
    from reference_engine import ReferenceEngine  # after --list, which needs no packages

    engine = ReferenceEngine(cached=not options.plain)
    progress = Progress(len(games), options.shard)
    failed = []
    with open(options.out, "w", encoding="utf-8", newline="\n") as out, tempfile.TemporaryDirectory() as folder:
        for key, place in games.items():
            try:
                for episode in play(engine, key, read_game(options.games, place), folder, options):
                    out.write(json.dumps(episode, ensure_ascii=False, separators=(",", ":")) + "\n")
                    progress.episode(len(episode["steps"]))
            except Exception as error:  # whatever the real engine raises on a game that it doesn't take
                failed.append({"game": key, "error": f"{type(error).__name__}: {error}"[:500]})
            progress.game()
    print(json.dumps({"games": len(games), "episodes": progress.episodes, "steps": progress.steps, "failed": failed}))


class Progress:
    """Counts, and says on standard error how far it is, every ten seconds at most."""

    def __init__(self, total, shard):
        self.total, self.shard = total, shard
        self.games = self.episodes = self.steps = 0
        self.started = self.said = time.monotonic()

    def episode(self, steps):
        self.episodes += 1
        self.steps += steps

    def game(self):
        self.games += 1
        now = time.monotonic()
        if now - self.said < 10 and self.games < self.total:
            return
        self.said = now
        pace = self.steps / (now - self.started)
        print(f"  part {self.shard}: {self.games} of {self.total} games, {self.steps} steps, {pace:.0f} steps/s",
              file=sys.stderr, flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", required=True, help=f"folder or zip with {NAME} files below it")
    parser.add_argument("--sample", type=int, default=0, help="how many games, a seeded sample; 0: all")
    parser.add_argument("--subsample", type=int, default=0, help="how many of these")
    parser.add_argument("--kinds", default="walkthrough,random,messy,detour,errands")
    parser.add_argument("--length", type=int, default=40, help="commands in a walk")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--shard", default="1/1", help="i/n: every n-th of the games, from the i-th")
    parser.add_argument("--plain", action="store_true", help="the engine untouched: nothing remembered between calls")
    parser.add_argument("--list", action="store_true", help="only print the games")
    parser.add_argument("--out", default=os.devnull)
    return parser.parse_args()


def list_games(path):
    """Games by key (the last three folders: split, task, trial), in ascending order of key."""
    if os.path.isdir(path):
        places = [os.path.join(folder, NAME) for folder, _, files in os.walk(path) if NAME in files]
    else:
        with zipfile.ZipFile(path) as archive:
            places = [name for name in archive.namelist() if name.split("/")[-1] == NAME]
    keyed = {}
    for place in sorted(places):
        folders = place.replace(os.sep, "/").split("/")[-4:-1]
        keyed.setdefault("/".join(folders), place)
    return dict(sorted(keyed.items()))


def pick(games, options):
    keys = sample(list(games), options.sample, f"{options.seed}/games")
    keys = sample(keys, options.subsample, f"{options.seed}/subsample")
    index, count = map(int, options.shard.split("/"))
    return {key: games[key] for key in keys[index - 1::count]}


def sample(keys, size, seed):
    return sorted(random.Random(seed).sample(keys, size)) if 0 < size < len(keys) else keys


def read_game(path, place):
    if os.path.isdir(path):
        with open(place, "rb") as file:
            return file.read()
    with zipfile.ZipFile(path) as archive:
        return archive.read(place)


def play(engine, key, data, folder, options):
    from walks import walk

    path = os.path.join(folder, NAME)
    with open(path, "wb") as file:
        file.write(data)
    engine.load(path)
    # Games of the older dialect come without a walkthrough.
    walkthrough = json.loads(data).get("walkthrough") or engine.plan()
    for kind in options.kinds.split(","):
        seed = f"{options.seed}/{key}/{kind}"
        yield record(engine, key, kind, seed, walk(kind, random.Random(seed), walkthrough, options.length))


def record(engine, key, kind, seed, commands):
    intro, won, admissible = engine.reset()
    episode = {"game": key, "kind": kind, "seed": seed, "intro": intro, "won0": won, "admissible0": admissible, "steps": []}
    next(commands)
    while True:
        try:
            action = commands.send(admissible)
        except StopIteration:
            return episode
        observation, won, done, now = engine.step(action)
        listed = None if now == admissible else now
        admissible = now
        step = {"action": action, "observation": observation, "admissible": listed, "won": won, "done": done}
        episode["steps"].append(step)


if __name__ == "__main__":
    main()
