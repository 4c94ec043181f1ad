"""Models of Stable-Baselines3 play from their zip, and nothing of the zip is run."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from sb3_contrib import QRDQN, MaskablePPO, RecurrentPPO
from stable_baselines3 import A2C, DQN, PPO

from agents.deep.policies import OrderScoringPolicy
from agents.deep.sb3.policy import TrainedOn, load_model, make_scorer, policy_from_model
from experiments.building.policy import policy_from
from factory_env import Factory, load_scenario, simulate
from factory_env.decision import ask
from factory_env.envs.wrappers.sorted_orders import SortedOrders
from factory_env.errors import ArtifactError, InputError

SHORT = {"horizon_days": 12, "demand.days": 6}
SCENARIO = load_scenario("small", overrides=SHORT)
PLAIN: dict[str, Any] = {"policy": "MultiInputPolicy", "seed": 0}
TANH = {"net_arch": [24], "activation_fn": torch.nn.Tanh}
MODELS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ppo": (PPO, PLAIN),
    "a2c": (A2C, PLAIN | {"policy_kwargs": {"net_arch": {"pi": [16], "vf": [8, 8]}}}),
    "dqn": (DQN, PLAIN | {"buffer_size": 10, "policy_kwargs": TANH}),
    "qrdqn": (QRDQN, PLAIN | {"buffer_size": 10, "policy_kwargs": {"n_quantiles": 5}}),
    "maskable": (MaskablePPO, PLAIN),
    "recurrent": (
        RecurrentPPO,
        PLAIN | {"policy": "MultiInputLstmPolicy", "policy_kwargs": {"lstm_hidden_size": 16}},
    ),
    "order_scoring": (
        MaskablePPO,
        {"policy": OrderScoringPolicy, "seed": 0, "policy_kwargs": {"width": 16}},
    ),
}


def make_env(**more: Any) -> gym.Env:
    return gym.make("GarmentFactory/Scheduling-v1", plant="small", overrides=SHORT, **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of every model, untrained: its weights are drawn all the same."""
    torch.set_num_threads(1)
    path = tmp_path_factory.mktemp("models")
    for name, (algorithm, arguments) in MODELS.items():
        algorithm(env=make_env(), **arguments).save(path / name)
    return path


def costs_usd(policy: Any, seed: int = 3) -> dict[str, float]:
    return dict(simulate(SCENARIO, policy, seed).cost_usd)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_plays_from_its_zip_as_it_does_in_memory(name: str, folder: Path) -> None:
    algorithm, _ = MODELS[name]
    policy = load_model(folder / f"{name}.zip")
    at_hand = policy_from_model(algorithm.load(folder / name))
    first = costs_usd(policy)
    assert first == costs_usd(at_hand)
    assert costs_usd(policy) == first  # nothing is remembered of the run before
    assert len({sum(costs_usd(p).values()) for p in (policy, policy_from("fifo"))}) == 2


@pytest.mark.parametrize("name", ["dqn", "qrdqn"])
def test_the_highest_score_is_what_predict_takes(name: str, folder: Path) -> None:
    model = MODELS[name][0].load(folder / name)
    scorer = make_scorer(model.policy, is_recurrent=False)
    model.policy.requires_grad_(False)
    env = make_env()
    seen, info = env.reset(seed=3)
    taken = set()
    for _ in range(8):
        scores = scorer.score({key: torch.from_numpy(part[None]) for key, part in seen.items()})
        assert scores.shape == (1, 33)
        predicted = int(model.predict(seen, deterministic=True)[0])
        assert int(scores.argmax()) == predicted
        taken.add(round(float(scores.max()), 6))
        seen, _, _, _, info = env.step(info["rule_action"])
    assert len(taken) == 8  # it looks at what it is shown


@pytest.mark.parametrize("name", ["maskable", "recurrent"])
def test_its_answers_are_those_of_predict_where_they_are_legal(name: str, folder: Path) -> None:
    model = MODELS[name][0].load(folder / name)
    env = make_env()
    seen, _ = env.reset(seed=3)
    factory, policy = Factory(SCENARIO, 3), load_model(folder / f"{name}.zip")
    memory, is_first, alike = None, np.ones(1, bool), 0
    for _ in range(12):
        masks = env.unwrapped.action_masks()
        more = {"action_masks": masks} if name == "maskable" else {}
        if name == "recurrent":
            more = {"state": memory, "episode_start": is_first}
        predicted, memory = model.predict(seen, deterministic=True, **more)
        is_first = np.zeros(1, bool)
        question = factory.advance()
        assert question is not None
        answer = ask(policy, question)
        action = env.unwrapped.answer_to_action(answer)
        if masks[int(predicted)]:
            assert action == int(predicted)
            alike += 1
        factory.answer(answer)
        seen, _, over, cut, _ = env.step(action)
        if over or cut:
            break
    assert alike > 0


def test_a_model_of_sorted_orders_answers_as_in_the_wrapper(folder: Path) -> None:
    model = MaskablePPO.load(folder / "maskable")
    env = SortedOrders(make_env(hold="never"), by="due")
    seen, _ = env.reset(seed=3)
    over = False
    while not over:
        action, _ = model.predict(seen, action_masks=env.action_masks(), deterministic=True)
        seen, _, terminated, truncated, _ = env.step(int(action))
        over = terminated or truncated
    played = dict(env.unwrapped.factory.log().cost_usd)
    how = TrainedOn(hold="never", sort_by="due")
    assert costs_usd(load_model(folder / "maskable.zip", how)) == played
    word = f"sb3:{folder / 'maskable.zip'}@hold:never@sorted:due"
    assert costs_usd(policy_from(word)) == played
    assert costs_usd(load_model(folder / "maskable.zip")) != played


def test_a_flat_observation_is_read_flat(tmp_path: Path) -> None:
    env = gym.wrappers.FlattenObservation(make_env())
    model = PPO("MlpPolicy", env, seed=0)
    model.save(tmp_path / "flat")
    policy = load_model(tmp_path / "flat.zip")
    assert costs_usd(policy) == costs_usd(policy_from_model(model))


class Bomb:
    """Does something when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("exploded"),))


def changed(folder: Path, out: Path, name: str = "ppo", **parts: bytes) -> Path:
    """The zip of a model with other parts."""
    with zipfile.ZipFile(folder / f"{name}.zip") as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, parts.get(part.partition(".")[0], old.read(part)))
    return out


def test_nothing_of_a_zip_is_unpickled(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bomb = pickle.dumps(Bomb())
    with zipfile.ZipFile(folder / "ppo.zip") as archive:
        data = json.loads(archive.read("data"))
    for value in data.values():
        if isinstance(value, dict) and ":serialized:" in value:
            value[":serialized:"] = bomb.hex()
    armed = changed(folder, tmp_path / "armed.zip", data=json.dumps(data).encode())
    assert costs_usd(load_model(armed)) == costs_usd(load_model(folder / "ppo.zip"))
    written = io.BytesIO()
    torch.save({"weight": Bomb()}, written)
    for weights in (bomb, written.getvalue()):
        with pytest.raises(ArtifactError, match="holds no plain tensors"):
            load_model(changed(folder, tmp_path / "bomb.zip", policy=weights))
    assert not Path("exploded").exists()


def rewrite(folder: Path, out: Path, **keys: Any) -> Path:
    with zipfile.ZipFile(folder / "ppo.zip") as archive:
        data = json.loads(archive.read("data"))
    return changed(folder, out, data=json.dumps(data | keys).encode())


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"policy_class": {"__module__": "os", "__init__": "<function x.__init__ at 0x1>"}}, "own"),
        ({"policy_class": {}}, "does not say the class"),
        ({"action_space": {"n": "34"}}, "answers with 34 numbers, not with 33"),
        ({"policy_kwargs": {"lstm_hidden_size": 7}}, "can not be rebuilt safely"),
        ({"policy_kwargs": {"features_extractor_class": "<class 'my.Net'>"}}, "rebuilt safely"),
        ({"observation_space": {"spaces": "{'image': Box(0, 255)}"}}, "reads image"),
    ],
)
def test_what_can_not_be_rebuilt_is_refused_with_the_reason(
    keys: dict[str, Any], said: str, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match=said):
        load_model(rewrite(folder, tmp_path / "strange.zip", **keys))


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = PPO(env=make_env(), **PLAIN)
    with torch.no_grad():
        model.policy.action_net.bias[0] = float("nan")
    model.save(tmp_path / "nan")
    with pytest.raises(ArtifactError, match="the training went wrong"):
        load_model(tmp_path / "nan.zip")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("sb3:nowhere.zip", "must name a model.zip that is there"),
        ("sb3:text.zip", "no model of Stable-Baselines3"),
        ("sb3:ppo.zip@hold:often", "how the environment of its training was set up"),
        ("sb3:ppo.zip@sorted:size", "how the environment of its training was set up"),
        ("sb3:ppo.zip@k1:2", "how the environment of its training was set up"),
        ("sb3:ppo.zip@hold", "key:number"),
    ],
)
def test_a_wrong_word_is_one_line(
    word: str, said: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.zip").write_text("no zip")
    shutil.copy(folder / "ppo.zip", "ppo.zip")
    with pytest.raises(InputError, match=said) as error:
        policy_from(word)
    assert len(error.value.problems) == 1
