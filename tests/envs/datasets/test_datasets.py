"""Recorded play: the shipped dataset is what the environment shows, other versions are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

h5py = pytest.importorskip("h5py")

from factory_env.envs.datasets import Dataset, RecordedEpisode, load_dataset  # noqa: E402
from factory_env.envs.datasets.dataset import INFOS  # noqa: E402
from factory_env.envs.datasets.fitting import SPEC  # noqa: E402
from factory_env.envs.datasets.layout import ARRAYS, METADATA, OWN, SHIPPED  # noqa: E402
from factory_env.errors import ArtifactError  # noqa: E402


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    return load_dataset("small-v1")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped dataset's files, to be spoilt."""
    shutil.copytree(SHIPPED / "small-v1", tmp_path / "mine-v1")
    return tmp_path / "mine-v1"


def spoil(folder: Path, **changes) -> None:
    path = folder / "data" / METADATA
    described = json.loads(path.read_text())
    described[OWN] |= changes
    path.write_text(json.dumps(described))


def episode(rewards: list[float], discounts: list[float]) -> RecordedEpisode:
    n = len(rewards)
    infos = {key: np.zeros(n + 1) for key in INFOS} | {"discount": np.array(discounts)}
    return RecordedEpisode(
        policy="edd",
        seed=1,
        observations={"site": np.arange(n + 1, dtype=np.float32)[:, None]},
        actions=np.arange(n),
        rewards=np.array(rewards),
        terminations=np.arange(n) == n - 1,
        truncations=np.zeros(n, dtype=np.bool_),
        infos=infos,
        cost_usd=3.0,
    )


def test_transitions_pair_each_observation_with_the_next_and_never_across_episodes() -> None:
    two = [episode([-1.0, -2.0], [1.0, 0.5, 0.9]), episode([-4.0], [1.0, 0.8])]
    data = Dataset(name="x-v1", episodes=two, features={"site": ("one",)})
    moves = data.transitions()
    assert moves.observations["site"][:, 0].tolist() == [0.0, 1.0, 0.0]
    assert moves.next_observations["site"][:, 0].tolist() == [1.0, 2.0, 1.0]
    assert moves.discounts.tolist() == [0.5, 0.9, 0.8]
    assert moves.ends.tolist() == [False, True, True]
    # -1 + 0.5 x -2; -2; -4
    assert moves.returns.tolist() == [-2.0, -2.0, -4.0]
    assert data.transitions(lambda e: e.seed == 2).actions.shape == (0,)


def test_the_shipped_dataset_is_small_and_its_policies_played_the_same_seeds(shipped) -> None:
    assert sum(f.stat().st_size for f in SHIPPED.rglob("*") if f.is_file()) < 2_000_000
    assert shipped.policies == ("atcs_match", "edd", "pretrained")
    seeds = {
        name: [e.seed for e in shipped.episodes if e.policy == name] for name in shipped.policies
    }
    assert seeds["edd"] == seeds["atcs_match"] == seeds["pretrained"]
    assert min(seeds["edd"]) >= 1_000_000_000  # no held-out one
    costs = shipped.mean_costs_usd()
    assert costs["atcs_match"] < costs["edd"]
    assert len(shipped) > 3_000


def test_the_shipped_dataset_is_what_the_environment_shows_and_pays(shipped) -> None:
    facts = shipped.facts
    env = gym.make(facts["env"], plant=facts["plant"], hold=facts["hold"], reward=facts["reward"])
    for at in (0, len(shipped.episodes) - 1):
        kept = shipped.episodes[at]
        seen, told = env.reset(seed=kept.seed)
        for i, action in enumerate(kept.actions):
            for block, rows in kept.observations.items():
                assert np.array_equal(rows[i], seen[block]), block
            assert kept.infos["rule_action"][i] == told["rule_action"]
            assert seen["mask"][action]
            seen, reward, *end, told = env.step(int(action))
            assert reward == pytest.approx(kept.rewards[i], abs=1e-9)
            assert kept.infos["discount"][i + 1] == pytest.approx(told["discount"])
        assert end == [kept.terminations[-1], kept.truncations[-1]]
        assert any(end)
        assert kept.cost_usd == pytest.approx(told["kpis"]["total_cost_usd"])


def test_where_nothing_was_explored_the_policys_own_action_was_taken(shipped) -> None:
    moves = shipped.transitions()
    share = (moves.actions != moves.policy_actions).mean()
    # epsilon 0.1, and a random answer may be the policy's own
    assert 0.03 < share < 0.1


def test_minari_reads_the_shipped_dataset(monkeypatch, shipped) -> None:
    minari = pytest.importorskip("minari")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(SHIPPED))
    theirs = minari.load_dataset("small-v1")
    assert (theirs.total_episodes, theirs.total_steps) == (len(shipped.episodes), len(shipped))
    first = theirs[0]
    assert np.array_equal(first.actions, shipped.episodes[0].actions)
    assert np.array_equal(first.observations["orders"], shipped.episodes[0].observations["orders"])
    env = theirs.recover_environment()
    assert env.observation_space == theirs.observation_space
    assert env.unwrapped.scenario.plant.name == "small"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 0}, "dataset 'small-v1' is of format 0, this version reads 1"),
        ({"env": "GarmentFactory/Scheduling-v2"}, "is of 'GarmentFactory/Scheduling-v2', not of"),
        ({"features": {"orders": ["due"]}}, "shows other features in its block 'orders'"),
        ({"version": "0.0.9"}, "is of another release, this is seamline"),
        ({"version": None}, "is of another release, this is seamline"),
        ({"hold": "free"}, "with hold='once' to make again, but has hold='free'"),
    ],
)
def test_a_dataset_of_another_version_is_refused_by_name(copy: Path, changes, words: str) -> None:
    spoil(copy, **changes)
    with pytest.raises(ArtifactError, match=words) as refusal:
        load_dataset(copy)
    assert "recorded with seamline" in str(refusal.value)
    assert "record it again" in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "GarmentFactory/Scheduling-v2"}, "with id 'GarmentFactory/Scheduling-v2'"),
        ({"entry_point": "os:system"}, "with entry_point 'os:system' to make again, not"),
        ({"kwargs": {"plant": "mid"}}, "with plant='mid' to make again, but has plant='small'"),
        ({"kwargs": None}, "with plant=None to make again"),
        ({"additional_wrappers": [{"name": "Clip"}]}, "with 1 wrappers to make again"),
    ],
)
def test_a_dataset_that_names_another_environment_is_refused(
    copy: Path, changes, words: str
) -> None:
    path = copy / "data" / METADATA
    described = json.loads(path.read_text())
    described[SPEC] = json.dumps(json.loads(described[SPEC]) | changes)
    path.write_text(json.dumps(described))
    with pytest.raises(ArtifactError, match=words):
        load_dataset(copy)
    described[SPEC] = "{"
    path.write_text(json.dumps(described))
    with pytest.raises(ArtifactError, match="not readable as JSON"):
        load_dataset(copy)


def test_a_damaged_dataset_is_refused(copy: Path) -> None:
    arrays = copy / "data" / ARRAYS
    arrays.write_bytes(arrays.read_bytes()[:200_000])
    with pytest.raises(ArtifactError, match="not a readable dataset"):
        load_dataset(copy)
    (copy / "data" / METADATA).write_text("{")
    with pytest.raises(ArtifactError, match="not readable as JSON"):
        load_dataset(copy)
    with pytest.raises(ArtifactError, match=r"no dataset here .* shipped: small-v1"):
        load_dataset("smal-v1")


def test_arrays_that_do_not_go_together_are_refused(copy: Path) -> None:
    with h5py.File(copy / "data" / ARRAYS, "a") as file:
        rewards = file["episode_0/rewards"][()]
        del file["episode_0/rewards"]
        file["episode_0/rewards"] = rewards[:-1]
    with pytest.raises(ArtifactError, match="rewards must have"):
        load_dataset(copy)
