"""Reads a recorded dataset; one of another version is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from factory_env.envs.datasets.dataset import INFOS, Array, Dataset, RecordedEpisode
from factory_env.envs.datasets.fitting import refuse_other
from factory_env.envs.datasets.layout import ARRAYS, DATA, METADATA, OWN, PLAIN, SHIPPED
from factory_env.errors import ArtifactError
from factory_env.plain_json import read_json

MOST_DECISIONS: Final = 5_000_000  # of a dataset that is read whole


def load_dataset(name: str | Path) -> Dataset:
    """A dataset by the name of a shipped one (``small-v1``), or in a folder.

    Raises
    ------
    ArtifactError
        If there is none, it is damaged, or it was recorded with another version: of the package,
        of datasets, of the environment, or of the observation's features.
    """
    folder = _find(name)
    described = _metadata(folder)
    own = described[OWN]
    refuse_other(described, folder)
    try:
        with h5py.File(folder / ARRAYS, "r") as file:
            steps = sum(int(group.attrs["total_steps"]) for group in file.values())
            if steps > MOST_DECISIONS:
                raise ArtifactError(f"{folder}: has more than {MOST_DECISIONS} decisions")
            episodes = [_episode(file[f"episode_{i}"], own["features"]) for i in range(len(file))]
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError(f"{folder / ARRAYS}: not a readable dataset ({error})") from error
    return Dataset(
        name=str(described["dataset_id"]),
        episodes=episodes,
        features={block: tuple(names) for block, names in own["features"].items()},
        facts={key: value for key, value in own.items() if key != "features"},
    )


def _find(name: str | Path) -> Path:
    """The folder with the arrays."""
    for place in (Path(name), SHIPPED / str(name)):
        for folder in (place / DATA, place):
            if (folder / METADATA).is_file():
                return folder
    shipped = ", ".join(sorted(path.name for path in SHIPPED.iterdir() if path.is_dir()))
    raise ArtifactError(f"{name}: no dataset here (no {METADATA}); shipped: {shipped}")


def _metadata(folder: Path) -> Mapping[str, Any]:
    try:
        described = read_json(folder / METADATA)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{folder / METADATA}: not readable as JSON ({error})") from error
    own = described.get(OWN) if isinstance(described, dict) else None
    if not isinstance(own, dict) or not isinstance(own.get("features"), dict):
        raise ArtifactError(f"{folder}: not recorded by experiments/record.py")
    return dict(described)


def _episode(group: h5py.Group, features: Mapping[str, Any]) -> RecordedEpisode:
    steps = int(group.attrs["total_steps"])
    seen = {key: _read(group["observations"], key, steps + 1) for key in (*features, "mask")}
    arrays = {key: _read(group, key, steps) for key in PLAIN}
    return RecordedEpisode(
        policy=str(group.attrs["policy"]),
        seed=int(group.attrs["seed"]),
        observations=seen,
        infos={key: _read(group["infos"], key, steps + 1) for key in INFOS},
        cost_usd=float(group.attrs["total_cost_usd"]),
        **arrays,
    )


def _read(group: h5py.Group, key: str, rows: int) -> Array:
    """An array, if it has as many rows as there are decisions."""
    stored = group[key]
    if stored.ndim < 1 or stored.shape[0] != rows:
        raise ValueError(f"{group.name}/{key} must have {rows} rows, has {stored.shape}")
    array = np.asarray(stored[()])
    if not np.isfinite(array).all():
        raise ValueError(f"{group.name}/{key} must be finite")
    return array
