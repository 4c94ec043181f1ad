"""The doors of the product, each with its sound files: all that a user's file can reach."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.deep.joint.policy import load_joint
from agents.deep.load import load_agent
from agents.lookahead.load import load_lookahead
from agents.rules.edd import Edd
from agents.site_rules import site_rule
from benchmarks.fuzzing import corpus
from benchmarks.fuzzing.corpus import Files
from experiments.building.order_book import workload
from experiments.designing.existing import of_folder
from experiments.simulating.run_record import check_log, load_record, save_record
from factory_env import Factory, load_scenario, play
from factory_env.domain.scenario import Scenario
from factory_env.domain.site import OwnSeries
from factory_env.door.daily_records import read_daily_records
from factory_env.door.series_door import read_series
from factory_env.learned.inspection.verdict_bank import load_bank
from factory_env.learned.pictures.door import read_photo
from factory_env.learned.pictures.images import read_garments
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.photos import read_fabric
from factory_env.logfile import load_log, save_log

Visit = Callable[[Path], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A kind of file, and what reads it."""

    name: str
    files: Callable[[], Files]
    visit: Visit  # gets the changed file, or the folder that it lies in
    in_folder: bool = False  # the other files lie beside it, unchanged
    weight: int = 1  # how often it is visited, against the others


@cache
def scenario() -> Scenario:
    """Of the small plant."""
    return load_scenario("small", overrides={"demand.days": 2, "horizon_days": 3})


def read_site_series(path: Path) -> object:
    """As a site's own temperature."""
    return read_series(
        path, "t", "temperature", OwnSeries(file=str(path), column="t", repeats=False)
    )


def read_tariff(path: Path) -> object:
    """Of a YAML or JSON file, with the site that pays it."""
    return load_scenario("small", tariff=str(path))


def read_stain(path: Path) -> object:
    """The stain network's weights, in a folder of that name."""
    return StainEye.shipped(path)


def read_designs(folder: Path) -> object:
    """As existing designs, whose features are not asked for."""
    return of_folder(str(folder), 0, _Blind())


class _Blind:
    """Stands for the network that describes pictures: it is no door."""

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """None of any picture."""
        return np.zeros((len(pictures), 1))


def open_run(folder: Path) -> object:
    """A run's record and its log."""
    log, record = load_log(folder / "log"), load_record(folder)
    check_log(record, folder)
    return log


@cache
def run_files() -> Files:
    """What a run leaves behind: its record, the head of its log, a few of its tables."""
    factory = Factory(scenario(), 1)
    log = play(factory, Edd())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        save_log(log, folder / "log")
        save_record(factory.past, None, folder)
        files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
        return {name: path.read_bytes() for name, path in sorted(files.items())}


def _group(key: str) -> Visit:
    def visit(path: Path) -> object:
        given: dict[str, Any] = {key: str(path)}
        return load_scenario(**({"plant": "small"} | given))

    return visit


DOORS: Final = (
    Door(
        name="book",
        files=corpus.order_books,
        visit=lambda path: workload(scenario(), str(path), 0),
        weight=4,
    ),
    Door(name="records", files=corpus.records, visit=read_daily_records, weight=3),
    Door(name="series", files=corpus.series, visit=read_site_series, weight=3),
    Door(
        name="tariff",
        files=lambda: corpus.config_files("tariff"),
        visit=read_tariff,
        weight=2,
    ),
    Door(name="published tariff", files=corpus.urdb_tariffs, visit=read_tariff, weight=3),
    Door(
        name="site",
        files=lambda: corpus.config_files("site"),
        visit=_group("site"),
        weight=2,
    ),
    Door(
        name="plant",
        files=lambda: corpus.config_files("plant"),
        visit=_group("plant"),
        weight=2,
    ),
    Door(
        name="scenario",
        files=lambda: corpus.config_files("scenario"),
        visit=_group("scenario"),
        weight=2,
    ),
    Door(
        name="disruptions",
        files=lambda: corpus.config_files("disruptions"),
        visit=_group("disruptions"),
    ),
    Door(
        name="inspector",
        files=lambda: corpus.config_files("inspector"),
        visit=_group("inspector"),
    ),
    Door(name="demand", files=lambda: corpus.config_files("demand"), visit=_group("demand")),
    Door(name="picture", files=corpus.pictures, visit=read_photo, weight=3),
    Door(
        name="fabric",
        files=corpus.fabric_photos,
        visit=read_fabric,
        in_folder=True,
    ),
    Door(
        name="own designs",
        files=corpus.designs,
        visit=read_designs,
        in_folder=True,
    ),
    Door(
        name="idx",
        files=corpus.idx_files,
        visit=lambda folder: read_garments(folder, None),
        in_folder=True,
    ),
    Door(
        name="agent",
        files=lambda: corpus.agent_files("scheduling"),
        visit=load_agent,
        in_folder=True,
        weight=2,
    ),
    Door(
        name="look-ahead",
        files=lambda: corpus.agent_files("energy"),
        visit=load_lookahead,
        in_folder=True,
    ),
    Door(
        name="joint agent",
        files=lambda: corpus.agent_files("joint"),
        visit=lambda folder: load_joint(folder, site_rule),
        in_folder=True,
    ),
    Door(
        name="weights",
        files=corpus.weights,
        visit=lambda path: load_bank(path) if path.suffix == ".npz" else read_stain(path.parent),
    ),
    Door(name="run", files=run_files, visit=open_run, in_folder=True, weight=2),
)
