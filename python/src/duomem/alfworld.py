"""
Stands in for alfworld.agents.environment: the same configuration, the same calls, the same texts.

    from duomem.alfworld import get_environment
    env = get_environment(config["env"]["type"])(config, train_eval="train").init_env(batch_size=4)

What differs: `extra.expert_plan` is this project's teacher (expert_type "handcoded") or planner ("planner"), and has an
answer at the start already, where ALFWorld's says "look"; a data path may also be a zip of games.
"""
import os
import re
import sys

from .batch import Batch
from .client import Client, inert
from .order import shuffled_cycle

TASK_TYPES = {
    1: "pick_and_place_simple",
    2: "look_at_obj_in_light",
    3: "pick_clean_then_place_in_recep",
    4: "pick_heat_then_place_in_recep",
    5: "pick_cool_then_place_in_recep",
    6: "pick_two_obj_and_place",
}
# What train_eval means: a key of config["dataset"], and the split's folder.
SPLITS = {
    "train": ("data_path", "train"),
    "eval_in_distribution": ("eval_id_data_path", "valid_seen"),
    "eval_out_of_distribution": ("eval_ood_data_path", "valid_unseen"),
}
GAME = "game.tw-pddl"
EXPERTS = {"handcoded": "action", "planner": "plan"}


def get_environment(env_type):
    """The class of a type of environments; text games only."""
    if env_type == "AlfredTWEnv":
        return AlfredTWEnv
    raise NotImplementedError(f"Environment {env_type} is not implemented: duomem plays the text games, AlfredTWEnv.")


class AlfredTWEnv:
    """
    The games of a split. dialect: "move" or "put" for all of them, whatever their files say; goals: "human" asks for
    tasks in the words of the people who watched them (traj_data.json beside each game).
    """

    def __init__(self, config, train_eval="train", dialect=None, goals=None):
        self.config = config
        self.train_eval = train_eval
        self.dialect = dialect
        self.goals = goals
        if config["env"].get("domain_randomization") and train_eval == "train":
            raise NotImplementedError("domain_randomization, which gives things other numbers, is not implemented; set it to False.")
        if config["env"].get("goal_desc_human_anns_prob", 0) > 0:
            print("goal_desc_human_anns_prob is not used here, as in ALFWorld 0.4; AlfredTWEnv(goals=\"human\") asks in people's words.", file=sys.stderr)
        self.collect_game_files()

    def collect_game_files(self, verbose=False):
        """Fills game_files, in the order in which ALFWorld finds them."""
        key, split = SPLITS[self.train_eval]
        self._data_path = os.path.expandvars(self.config["dataset"][key])
        if not os.path.exists(self._data_path):
            raise FileNotFoundError(f"There are no games at {self._data_path} (dataset.{key}).")
        wanted = {TASK_TYPES[number] for number in self.config["env"]["task_types"] if number in TASK_TYPES}
        found = self._in_zip(split) if os.path.isfile(self._data_path) else self._in_folder()
        self.game_files = [path for path in found if _suits(path, wanted)]
        if not self.game_files:
            raise FileNotFoundError(
                f"No game at {self._data_path} can be played. The games of ALFWorld's releases are in the zip whose name "
                f"ends in tw-pddl; the other two hold no {GAME}."
            )
        counts = self.config["dataset"]
        limit = counts.get("num_train_games" if self.train_eval == "train" else "num_eval_games", -1)
        if limit > 0:
            self.game_files = self.game_files[:limit]
        self.num_games = len(self.game_files)

    def _in_folder(self):
        for root, _, files in os.walk(self._data_path, topdown=False):
            if GAME in files and _solvable(os.path.join(root, GAME)):
                yield os.path.join(root, GAME)

    def _in_zip(self, split):
        with Client(games=self._data_path) as client:
            keys = client.request("games", split=split, limit=1_000_000)["games"]
        return [f"{self._data_path}/{key}/{GAME}" for key in keys]

    def init_env(self, batch_size):
        """An environment that plays a batch of the games at a time, as textworld.gym.make gives it."""
        method = self.config["general"]["training_method"]
        if method not in ("dqn", "dagger"):
            raise NotImplementedError(f"The training_method {method} is not implemented: dqn or dagger.")
        steps = self.config["rl" if method == "dqn" else "dagger"]["training"]["max_nb_steps_per_episode"]
        expert = EXPERTS[self.config["env"]["expert_type"]] if method == "dagger" and self.train_eval == "train" else None
        return BatchEnv(self._data_path, self.game_files, batch_size, steps, expert, self.dialect, self.goals)


class BatchEnv:
    """What AlfredTWEnv.init_env gives: textworld's batch of environments, which cycles through its games."""

    def __init__(self, data_path, gamefiles, batch_size, max_episode_steps=None, expert=None, dialect=None, goals=None):
        self.gamefiles = gamefiles
        self.batch_size = batch_size
        self._client = Client(games=data_path, dialect=dialect, goals=goals, max_episodes=max(batch_size, 4096))
        self._batch = Batch(
            self._client,
            batch_size,
            play={"maxSteps": max_episode_steps} if max_episode_steps else None,
            want={"expert": expert} if expert else None,
        )
        self._has_expert = expert is not None
        self.last_commands = self.obs = None
        self.seed(1234)

    def seed(self, seed=None):
        """Sets the order of the games."""
        self._games = shuffled_cycle(self.gamefiles, seed)
        return [seed]

    def skip(self, nb_games=1):
        for _ in range(nb_games):
            next(self._games)

    def reset(self):
        """Starts the next games: (observations, infos)."""
        self._playing = [next(self._games) for _ in range(self.batch_size)]
        answer = self._batch.reset([{"game": _key(path)} for path in self._playing])
        self.last_commands = [None] * self.batch_size
        return self._told(answer)

    def step(self, commands):
        """One command in each game: (observations, scores, dones, infos). A game that has ended stays as it ended."""
        assert isinstance(commands, (list, tuple)), "Expected a list of commands."
        assert len(commands) == self.batch_size, "Expected one action per environment."
        answer = self._batch.step(commands)
        self.last_commands = commands
        observations, infos = self._told(answer)
        return observations, tuple(answer["score"]), tuple(answer["done"]), infos

    def _told(self, answer):
        self.obs = tuple(answer["observation"])
        infos = {
            "won": answer["won"],
            "admissible_commands": answer["admissible"],
            "extra.gamefile": list(self._playing),
        }
        if self._has_expert:
            infos["extra.expert_plan"] = [plan or ["look"] for plan in answer["expert"]]
        return self.obs, infos

    def render(self, mode="human"):
        """The last commands and observations; printed, or returned for mode "text"."""
        parts = [
            (f"> {command}\n" if command is not None else "") + observation.rstrip() + "\n"
            for command, observation in zip(self.last_commands, self.obs)
        ]
        text = "\n-----\n".join(parts) + "\n"
        if mode == "text":
            return text
        print(inert(text), end="")

    def close(self):
        self._client.close()


def _key(path):
    """<split>/<task>/<trial> of a game file."""
    return "/".join(path.replace(os.sep, "/").split("/")[-4:-1])


def _suits(path, task_types):
    """Whether ALFWorld plays it: one of the types of tasks, nothing movable or sliced."""
    task = _key(path).split("/")[1]
    return "movable" not in path and "Sliced" not in path and task.split("-")[0] in task_types


def _solvable(path):
    """Whether a game file says that it can be solved. That stands near its end, behind the long parts."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 65_536))
        said = re.findall(rb'"solvable"\s*:\s*(true|false)', file.read())
    return bool(said) and said[-1] == b"true"
