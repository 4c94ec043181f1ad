"""The tuners: a grid searched in two ways, and the mains as a user starts them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from experiments import tune, tune_energy
from experiments.command.main import run_main
from experiments.tuning.search import GridSearch, Point, grid_size
from factory_env.presets import CONF

GRID = {"a": (0.0, 1.0, 2.0), "b": (0.0, 10.0)}


class Bowl:
    """Costs with their bottom at a = 1, b = 10; remembers what was played."""

    def __init__(self) -> None:
        self.played: list[tuple[float, ...]] = []

    def __call__(self, points: Sequence[Point], title: str) -> list[float]:
        self.played += [tuple(p.values()) for p in points]
        return [abs(p["a"] - 1.0) + abs(p["b"] - 10.0) + 5.0 for p in points]


def test_a_small_grid_is_played_everywhere() -> None:
    bowl = Bowl()
    search = GridSearch("bowl", GRID, bowl)
    assert search.everywhere() == search.best == {"a": 1.0, "b": 10.0}
    assert search.cost(search.best) == 5.0
    assert len(bowl.played) == grid_size(GRID) == 6


def test_a_descent_plays_no_point_twice_and_stops_where_a_sweep_changes_nothing() -> None:
    bowl, told = Bowl(), []
    search = GridSearch("bowl", GRID, bowl)
    assert search.descend({"a": 2.0, "b": 0.0}, 9, told.append) == {"a": 1.0, "b": 10.0}
    # a at b = 0: 3 points; b at a = 1: one more; a at b = 10: two more
    assert len(bowl.played) == len(set(bowl.played)) == 6
    assert told == [
        "bowl a sweep 1: 1, 15 USD",
        "bowl b sweep 1: 10, 5 USD",
        "bowl a sweep 2: 1, 5 USD",
        "bowl b sweep 2: 10, 5 USD",
    ]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Short runs of the small plant, from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return ("plant=small", "scenario.horizon_days=6", "scenario.demand.days=3", "tune.sweeps=1")


def test_tune_writes_the_best_parameters_of_the_rules_asked_for(small, capsys) -> None:
    words = ("tune.episodes=1", "tune.workers=1", "tune.rules=[atc]", "tune.goal=tardiness")
    run_main("tune", tune.task, [*small, *words])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    content = OmegaConf.to_container(OmegaConf.load(Path(figures["folder"]) / "tuned.yaml"))
    assert content == figures["tuned"]
    assert content.keys() == figures["cost_usd"].keys() == {"atc@tardiness"}
    assert content["atc@tardiness"].keys() == load_tuned("small")["atc"].keys()


def load_tuned(plant: str) -> dict:
    """What is shipped."""
    return OmegaConf.to_container(OmegaConf.load(CONF / "tuned" / f"{plant}.yaml"))


@pytest.mark.slow
def test_tune_energy_never_ends_dearer_than_the_best_first_step(small, capsys) -> None:
    run_main(
        "tune_energy", tune_energy.task, [*small, "tune.episodes=1", "tune.plugs=[peak_shave]"]
    )
    out = capsys.readouterr().out.splitlines()
    figures = json.loads(out[-1])
    told = [
        float(line.split(", ")[1].split()[0].replace(",", "")) for line in out if "sweep 1" in line
    ]
    assert len(told) == len(figures["tuned"]["peak_shave"])
    assert told == sorted(told, reverse=True)
    assert figures["goal_usd"]["peak_shave"] == pytest.approx(told[-1], abs=0.51)


@pytest.mark.parametrize(
    ("main", "word", "said"),
    [
        ("tune", "tune.rules=[edd]", "tune.rules: must be a rule with parameters"),
        ("tune", "tune.goal=speed", "tune.goal: must be cost or tardiness"),
        ("tune_energy", "tune.plugs=[always_on]", "known: mpc, peak_shave, time_of_use"),
        ("tune_energy", "tune.episodes=0", "tune.episodes: must be a whole number from 1"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_played(small, capsys, main, word, said) -> None:
    task = {"tune": tune.task, "tune_energy": tune_energy.task}[main]
    with pytest.raises(SystemExit) as end:
        run_main(main, task, [*small, word])
    assert end.value.code == 2
    assert said in capsys.readouterr().err
