"""The shape of ALFWorld's environment: what a script that was written for it gets."""
import json

import pytest
from duomem.alfworld import AlfredTWEnv, get_environment


def config(games, **env):
    return {
        "dataset": {
            "data_path": str(games / "train"),
            "eval_id_data_path": str(games / "valid_seen"),
            "eval_ood_data_path": str(games / "valid_unseen"),
            "num_train_games": -1,
            "num_eval_games": -1,
        },
        "env": {
            "type": "AlfredTWEnv",
            "domain_randomization": False,
            "task_types": [1, 2, 3, 4, 5, 6],
            "expert_type": "handcoded",
            "goal_desc_human_anns_prob": 0.0,
            **env,
        },
        "rl": {"training": {"max_nb_steps_per_episode": 50}},
        "dagger": {"training": {"max_nb_steps_per_episode": 40}},
        "general": {"training_method": "dagger"},
    }


def make(games, split="train", batch_size=1, dialect=None, **env):
    settings = config(games, **env)
    return get_environment(settings["env"]["type"])(settings, train_eval=split, dialect=dialect).init_env(batch_size)


def test_a_loop_written_for_alfworld(games):
    env = make(games, batch_size=3)
    observations, infos = env.reset()
    assert isinstance(observations, tuple) and len(observations) == 3
    assert set(infos) == {"won", "admissible_commands", "extra.gamefile", "extra.expert_plan"}
    assert all(path.endswith("game.tw-pddl") for path in infos["extra.gamefile"])
    assert observations[0].split("\n\n")[0] == "-= Welcome to TextWorld, ALFRED! =-"
    dones = (False,) * 3
    frozen = {}
    for _ in range(40):
        commands = [plan[0] for plan in infos["extra.expert_plan"]]
        observations, scores, dones, infos = env.step(commands)
        for i, done in enumerate(dones):
            if done:
                assert frozen.setdefault(i, observations[i]) == observations[i]
        if all(dones):
            break
    assert infos["won"] == [True] * 3 and scores == (1, 1, 1)
    observations, _ = env.reset()
    assert "Your task is to: " in observations[0]
    assert "> None" not in env.render("text")
    env.close()


def test_ends_after_as_many_steps_as_the_configuration_says(games):
    env = make(games, "eval_in_distribution")
    _, infos = env.reset()
    assert "extra.expert_plan" not in infos
    for step in range(1, 42):
        _, scores, dones, infos = env.step(["look"])
        assert (scores, dones, infos["won"]) == ((0,), (step >= 40,), [False])
    env.close()


def test_every_game_comes_once_a_round_and_the_seed_sets_the_order(games):
    env = make(games)
    first = [env.reset()[1]["extra.gamefile"][0] for _ in env.gamefiles]
    assert sorted(first) == sorted(env.gamefiles)
    env.seed(1234)
    assert [env.reset()[1]["extra.gamefile"][0] for _ in env.gamefiles] == first
    env.seed(1234)
    env.skip(2)
    assert env.reset()[1]["extra.gamefile"][0] == first[2]
    env.close()


def test_the_planner_gives_a_whole_way(games):
    env = make(games, expert_type="planner")
    _, infos = env.reset()
    for command in infos["extra.expert_plan"][0]:
        _, _, dones, infos = env.step([command])
    assert dones == (True,) and infos["won"] == [True]
    env.close()


def test_put_in_place_of_move(games):
    env = make(games, dialect="put")
    _, infos = env.reset()
    commands = []
    while not infos["won"][0]:
        commands.append(infos["extra.expert_plan"][0][0])
        _, _, _, infos = env.step(commands[-1:])
    assert any(" in/on " in command for command in commands) or any(command.startswith("use ") for command in commands)
    assert not any(command.startswith("move ") for command in commands)
    env.close()


def test_games_that_alfworld_leaves_out_are_left_out(games, tmp_path):
    for name, solvable in (("pick_and_place_simple-Mug-None-Desk-1", False), ("pick_and_place_with_movable_recep-Mug-Pan-Desk-1", True)):
        folder = tmp_path / "train" / name / "trial"
        folder.mkdir(parents=True)
        text = next(games.rglob("game.tw-pddl")).read_text()
        (folder / "game.tw-pddl").write_text(json.dumps({**json.loads(text), "solvable": solvable}))
    with pytest.raises(FileNotFoundError, match="can be played"):
        AlfredTWEnv(config(tmp_path))
    settings = config(games, task_types=[2])
    looked = [path for path in AlfredTWEnv(config(games)).game_files if "look_at_obj_in_light" in path]
    try:
        assert AlfredTWEnv(settings).game_files == looked
    except FileNotFoundError:
        assert looked == []
    limited = config(games)
    limited["dataset"]["num_train_games"] = 2
    assert AlfredTWEnv(limited).num_games == 2


@pytest.mark.parametrize(
    "change, error",
    [
        ({"env": {"domain_randomization": True}}, NotImplementedError),
        ({"general": {"training_method": "ppo"}}, NotImplementedError),
        ({"dataset": {"data_path": "/nowhere/at/all"}}, FileNotFoundError),
    ],
)
def test_what_cannot_be_done_is_said(games, change, error):
    settings = config(games)
    for part, fields in change.items():
        settings[part].update(fields)
    with pytest.raises(error):
        AlfredTWEnv(settings).init_env(1)


def test_other_environments_are_refused():
    with pytest.raises(NotImplementedError, match="AlfredTWEnv"):
        get_environment("AlfredThorEnv")
