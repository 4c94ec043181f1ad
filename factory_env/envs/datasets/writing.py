"""Writes recorded play in Minari's layout, packed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from factory_env.envs.datasets.dataset import ENV, FORMAT, Dataset, RecordedEpisode
from factory_env.envs.datasets.fitting import SPEC
from factory_env.envs.datasets.layout import ARRAYS, DATA, METADATA, OWN, PLAIN
from factory_env.extras import how_to_install
from factory_env.release import read_release
from factory_env.whole_file import write_whole, write_whole_text

if find_spec("minari") is None:  # an optional dependency
    raise ImportError(f"datasets are written with Minari: {how_to_install('offline')}")


def write_dataset(
    dataset: Dataset,
    folder: Path,
    observation_space: spaces.Dict,
    action_space: spaces.Discrete,
    env_spec: EnvSpec | None,
) -> Path:
    """Write ``<folder>/<name>/data``; the folder of the dataset. The metadata is written last.

    Parameters
    ----------
    env_spec
        What makes the environment again; None if no id does.
    """
    place = folder / dataset.name / DATA
    place.mkdir(parents=True, exist_ok=True)
    write_whole(place / ARRAYS, lambda path: _write_arrays(dataset, path))
    described = _describe(dataset, observation_space, action_space)
    if env_spec is not None:
        described[SPEC] = env_spec.to_json()
    described["dataset_size"] = round((place / ARRAYS).stat().st_size / 1e6, 2)
    write_whole_text(place / METADATA, json.dumps(described, indent=1) + "\n")
    return place.parent


def _describe(
    dataset: Dataset, observation_space: spaces.Dict, action_space: spaces.Discrete
) -> dict[str, Any]:
    from minari.serialization import serialize_space

    return {
        "dataset_id": dataset.name,
        "minari_version": version("minari"),
        "data_format": "hdf5",
        "jpeg_encoding": False,
        "total_episodes": len(dataset.episodes),
        "total_steps": len(dataset),
        "observation_space": serialize_space(observation_space),
        "action_space": serialize_space(action_space),
        "algorithm_name": ", ".join(dataset.policies),
        "description": "Dispatching rules and agents run the sewing lines of a garment factory.",
        OWN: {
            "format": FORMAT,
            "env": ENV,
            "version": read_release(),
            "features": {block: list(names) for block, names in dataset.features.items()},
            "mean_costs_usd": {k: round(v, 2) for k, v in dataset.mean_costs_usd().items()},
            **dataset.facts,
        },
    }


def _write_arrays(dataset: Dataset, path: Path) -> None:
    # the newest layout stores a short array with a few bytes around it instead of some kilobytes
    with h5py.File(path, "w", libver="latest", track_order=True) as file:
        for number, episode in enumerate(dataset.episodes):
            group = file.create_group(f"episode_{number}")
            group.attrs["id"] = number
            group.attrs["seed"] = episode.seed
            group.attrs["total_steps"] = len(episode)
            group.attrs["policy"] = episode.policy
            group.attrs["total_cost_usd"] = episode.cost_usd
            _write_episode(group, episode)


def _write_episode(group: h5py.Group, episode: RecordedEpisode) -> None:
    for name in PLAIN:
        _pack(group, name, getattr(episode, name))
    for name, arrays in (("observations", episode.observations), ("infos", episode.infos)):
        inside = group.create_group(name)
        for key, array in arrays.items():
            _pack(inside, key, array)


def _pack(group: h5py.Group, name: str, array: np.ndarray[Any, Any]) -> None:
    """One chunk an array: columns that are alike from row to row pack well together."""
    group.create_dataset(
        name, data=array, chunks=array.shape, compression="gzip", compression_opts=9, shuffle=True
    )


def describe_env(arguments: Mapping[str, Any]) -> EnvSpec:
    """What `gymnasium.make` needs to make the recorded environment again."""
    import gymnasium as gym

    spec = gym.spec(ENV)
    return EnvSpec(id=spec.id, entry_point=spec.entry_point, kwargs=dict(arguments))
