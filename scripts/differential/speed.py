"""
How fast the real ALFWorld engine is: steps the commands of walks ([{"text": game file, "commands": [...]}, ...], the
file that is named) in the engine as it comes, and prints {"stepsPerSecond": [one figure a game]}. Loading and resetting
are left out; the list of admissible commands is not, since the engine makes it in every step.
"""
import json
import os
import sys
import tempfile
import time

from reference_engine import ReferenceEngine

with open(sys.argv[1], encoding="utf-8") as file:
    walks = json.load(file)
engine = ReferenceEngine(cached=False)
figures = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "game.tw-pddl")
    for walk in walks:
        with open(path, "w", encoding="utf-8") as file:
            file.write(walk["text"])
        engine.load(path)
        engine.reset()
        began = time.perf_counter()
        for command in walk["commands"]:
            engine.step(command)
        figures.append(len(walk["commands"]) / (time.perf_counter() - began))
print(json.dumps({"stepsPerSecond": figures}))
