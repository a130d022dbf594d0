"""The Gymnasium shape."""
import json
import warnings

import pytest
from duomem import Client, EngineError
from duomem.gym import Env


def test_an_episode():
    env = Env(expert="action", max_steps=60)
    observation, info = env.reset(options={"home": 7, "task": 0})
    assert "Your task is to: " + info["task"] in observation
    rewards = []
    terminated = truncated = False
    while not (terminated or truncated):
        observation, reward, terminated, truncated, info = env.step(info["expert"][0])
        rewards.append(reward)
    assert terminated and not truncated and info["won"]
    assert rewards == [0.0] * (len(rewards) - 1) + [1.0]
    assert all(condition["holds"] for condition in info["progress"])
    assert env.render() == observation
    env.close()


def test_is_truncated_after_as_many_steps_as_wanted():
    env = Env(max_steps=2)
    env.reset(seed=3)
    assert env.step("look")[2:4] == (False, False)
    assert env.step("look")[2:4] == (False, True)
    env.close()


def test_the_same_seed_gives_the_same_game():
    with Client() as client:
        first, second = Env(client=client), Env(client=client)
        assert first.reset(seed=5)[1]["game"] == second.reset(seed=5)[1]["game"]
        assert first.reset()[1]["game"] != first.reset()[1]["game"]


def test_games_of_a_split(games):
    env = Env(games=games, split="valid_seen")
    assert {env.reset()[1]["game"].split("/")[0] for _ in range(3)} == {"valid_seen"}
    with pytest.raises(EngineError, match="counted from 0"):
        env.reset()
    env.close()


def test_tasks_in_peoples_words(games, tmp_path):
    source = next((games / "train").rglob("game.tw-pddl"))
    folder = tmp_path / "train" / source.parent.parent.name / source.parent.name
    folder.mkdir(parents=True)
    (folder / "game.tw-pddl").write_bytes(source.read_bytes())
    empty = dict.fromkeys(["object_target", "parent_target", "toggle_target", "mrecep_target"], "")
    words = {"task_type": "pick_and_place_simple", "pddl_params": empty, "turk_annotations": {"anns": [{"task_desc": "Tidy up."}]}}
    (folder / "traj_data.json").write_text(json.dumps(words))
    env = Env(games=tmp_path, goals="human", dialect="put")
    observation, info = env.reset()
    assert info["task"] == "Tidy up." and observation.endswith("Your task is to: Tidy up.")
    assert env.step("help")[0] == "Nothing happens."
    env.close()
    with Client() as client, pytest.raises(ValueError, match="settings of the client"):
        Env(client=client, goals="human")


def test_gymnasium_finds_nothing_wrong_with_it():
    checker = pytest.importorskip("gymnasium.utils.env_checker", reason="gymnasium is not installed")
    env = Env(render_mode="ansi")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checker.check_env(env, skip_render_check=True)
    env.close()
