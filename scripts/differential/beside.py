"""
The Python package beside the real ALFWorld, in one run: the same loops, written for ALFWorld, on
alfworld.agents.environment and on duomem.alfworld. Every observation, score, end and list of commands is compared, in
both dialects: those of the differential test's walks and what a ReAct loop (react.py) has in its prompt. Then each is
timed and its memory read. Called by scripts/beside.ts; the last line is JSON.

The comparison lets the real engine remember its pure functions (reference_engine.py), which changes no text and saves
hours; the timing plays it as it comes, in a process of its own.
"""
import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from react import react
from walks import walk

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python", "src"))
GAME = "game.tw-pddl"
KINDS = ("random", "messy", "errands", "detour", "react")


def main():
    options = parse()
    if options.time:
        return print(json.dumps(timed(options.time, options.data, options.batch, options.steps)))
    result = {"compared": {}, "speed": []}
    with tempfile.TemporaryDirectory() as folder:
        for dialect in filter(None, options.dialects.split(",")):
            root = os.path.join(folder, dialect)
            games = write_games(options.games, root, dialect, options.sample, options.seed)
            result["compared"][dialect] = compared(root, games, dialect, options.steps)
            say(f"{dialect}: {json.dumps(result['compared'][dialect])}")
        plans = [
            (engine, int(batch), steps)
            for engine, batches, steps in (("alfworld", options.real, options.time_steps), ("duomem", options.own, options.own_steps))
            for batch in filter(None, batches.split(","))
        ]
        # As many different games as there are environments at once.
        data = os.path.join(folder, "timed")
        write_games(options.games, data, None, max([batch for _, batch, _ in plans], default=0), options.seed)
        for engine, batch, steps in plans:
            figures = in_own_process(engine, data, batch, steps)
            result["speed"].append(figures)
            say(json.dumps(figures))
    result["differences"] = sum(one["differences"] for one in result["compared"].values())
    print(json.dumps(result))
    return int(result["differences"] > 0)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", help="folder or zip of games")
    parser.add_argument("--sample", type=int, default=200, help="games that are compared, in each dialect")
    parser.add_argument("--steps", type=int, default=20, help="commands in each of them")
    parser.add_argument("--dialects", default="move,put", help="in which games are compared; empty: none, only timed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--real", default="1", help="environments at once of the real ALFWorld that are timed, with commas")
    parser.add_argument("--own", default="1,16,64,1000", help="the same of duomem")
    parser.add_argument("--time-steps", type=int, default=60, help="steps of all environments of the real one together, timed")
    parser.add_argument("--own-steps", type=int, default=20000, help="the same of duomem")
    parser.add_argument("--time", choices=("alfworld", "duomem"), help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def say(line):
    print(line, file=sys.stderr, flush=True)


def write_games(source, root, dialect, sample, seed):
    """A sample of the games as ALFWorld wants them to lie: traj_data.json beside each, for the type of its task."""
    from duomem import Client

    with Client(games=source) as client:
        splits = client.request("info")["splits"]
        keys = sorted(itertools.chain(*(client.request("games", split=split, limit=10**6)["games"] for split in splits)))
        chosen = random.Random(f"{seed}/games").sample(keys, min(sample, len(keys)))
        for key in chosen:
            folder = os.path.join(root, "train", *key.split("/")[1:])
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, GAME), "w", encoding="utf-8") as file:
                file.write(client.request("file", game=key, dialect=dialect)["text"])
            with open(os.path.join(folder, "traj_data.json"), "w", encoding="utf-8") as file:
                json.dump({"task_type": key.split("/")[1].split("-")[0]}, file)
    return len(chosen)


def config(data):
    return {
        "dataset": {"data_path": os.path.join(data, "train"), "num_train_games": -1},
        "env": {
            "type": "AlfredTWEnv", "task_types": [1, 2, 3, 4, 5, 6], "domain_randomization": False,
            "expert_type": "handcoded", "goal_desc_human_anns_prob": 0,
        },
        "general": {"training_method": "dqn"},
        "rl": {"training": {"max_nb_steps_per_episode": 10**6}},
    }


def environment(engine, data, batch, dialect=None):
    """The one line in which a script for ALFWorld differs is the import."""
    settings = config(data)
    if engine == "alfworld":
        from alfworld.agents.environment import get_environment

        made = get_environment(settings["env"]["type"])(settings, train_eval="train")
    else:
        from duomem.alfworld import get_environment

        made = get_environment(settings["env"]["type"])(settings, train_eval="train")
    return made.init_env(batch_size=batch)


def played(env, games, steps):
    """A loop as it's written for ALFWorld: every thing that it gets to read, game by game."""
    for number in range(games):
        observations, infos = env.reset()
        name = "/".join(infos["extra.gamefile"][0].split("/")[-3:-1])
        kind = KINDS[number % len(KINDS)]
        if kind == "react":
            yield [name, *react(env, observations, infos, steps)]
            continue
        with open(infos["extra.gamefile"][0], encoding="utf-8") as file:
            walkthrough = json.load(file)["walkthrough"]
        commands = walk(kind, random.Random(name), walkthrough, steps)
        next(commands)
        seen = [name, observations[0], infos["admissible_commands"][0], infos["won"][0]]
        for _ in range(steps):
            try:
                command = commands.send(list(infos["admissible_commands"][0]))
            except StopIteration:
                break
            observations, scores, dones, infos = env.step([command])
            seen.append((command, observations[0], scores[0], dones[0], infos["won"][0], list(infos["admissible_commands"][0])))
        yield seen


def compared(data, games, dialect, steps):
    from reference_engine import remember_pure_functions

    remember_pure_functions()
    real, own = environment("alfworld", data, 1), environment("duomem", data, 1)
    differences = counted = 0
    began = time.monotonic()
    for number, (theirs, ours) in enumerate(zip(played(real, games, steps), played(own, games, steps)), 1):
        counted += sum(type(one) is tuple for one in theirs)
        if theirs != ours:
            differences += 1
            first = next((pair for pair in zip(theirs, ours) if pair[0] != pair[1]), (len(theirs), len(ours)))
            say(f"{theirs[0]}: the real one {first[0]!r}, this one {first[1]!r}")
        if number % 20 == 0:
            say(f"  {number} of {games} games in {dialect}, {time.monotonic() - began:.0f} s")
    own.close()
    return {"games": games, "steps": counted, "differences": differences}


def in_own_process(engine, data, batch, steps):
    words = [sys.executable, __file__, "--time", engine, "--data", data, "--batch", str(batch), "--steps", str(steps)]
    said = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout
    return json.loads(said.strip().splitlines()[-1])


def timed(engine, data, batch, steps):
    """Random admissible commands in a batch: seconds of a reset, steps a second, of the clock and of the CPU."""
    rng = random.Random(1)
    env = environment(engine, data, batch)
    clock, processor = time.perf_counter(), processor_time(env)
    _, infos = env.reset()
    reset = (time.perf_counter() - clock, processor_time(env) - processor)
    begun = memory(env)
    rounds = max(3, steps // batch)
    warm = min(rounds // 4, 2000 // batch + 1)
    for i in range(rounds):
        if i == warm:
            clock, processor = time.perf_counter(), processor_time(env)
        _, _, _, infos = env.step([rng.choice(commands) for commands in infos["admissible_commands"]])
    counted = (rounds - warm) * batch
    wall, used = time.perf_counter() - clock, processor_time(env) - processor
    figures = {
        "engine": engine, "environments": batch, "steps": counted,
        "resetSeconds": round(reset[0] / batch, 4), "resetProcessorSeconds": round(reset[1] / batch, 4),
        "stepsPerSecond": round(counted / wall, 1),
        "stepsPerProcessorSecond": round(counted / used, 1) if used > 0 else None,
        "memoryMB": begun, "memoryAfterStepsMB": memory(env),
    }
    env.close()
    return figures


def processes(env):
    """This process and those that it runs the environments in."""
    if hasattr(env, "_client"):
        return ["self", env._client._wire._process.pid]
    return ["self"] + [one._process.pid for one in getattr(env.batch_env, "envs", ()) if hasattr(one, "_process")]


def processor_time(env):
    """Seconds of all these processes (Linux)."""
    ticks = 0
    for pid in processes(env):
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(env):
    """Megabytes that all these processes have allocated, without program files; what they share is counted once (Linux)."""
    kilobytes = 0
    for pid in processes(env):
        with open(f"/proc/{pid}/smaps_rollup") as file:
            kilobytes += next(int(line.split()[1]) for line in file if line.startswith("Pss_Anon:"))
    return round(kilobytes / 1024)


if __name__ == "__main__":
    sys.exit(main())
