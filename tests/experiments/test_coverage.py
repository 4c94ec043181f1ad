"""How often intervals hold the truth is measured right: on pools whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from experiments.futures.statistics.estimate import Estimate
from experiments.validating import coverage
from experiments.validating.check import Context
from experiments.validating.checks.futures import Futures
from experiments.validating.coverage import FIGURES, average, measure_coverage
from experiments.validating.luck_pool import BASE, Pool

Draw = Callable[[np.random.Generator, int], np.ndarray]


def pool_of(draw: Draw, seeds: int = 2_000) -> Pool:
    """A base, and a variant whose figures differ from it by what is drawn."""
    rng = np.random.default_rng(1)
    base = {name: rng.random(seeds) for name in FIGURES}
    variant = {name: values + draw(rng, seeds) for name, values in base.items()}
    ships = rng.lognormal(1.0, 0.5, (seeds, 8)) * np.linspace(0.5, 2.0, 8)
    ships[ships > 8.0] = np.nan
    return Pool(
        figures={BASE: base, "other": variant},
        ship_min={BASE: ships, "other": 1.1 * ships},
        due_min={BASE: np.full((seeds, 8), 4.0), "other": np.full((seeds, 8), 4.0)},
    )


def normal(rng: np.random.Generator, seeds: int) -> np.ndarray:
    return rng.normal(1.0, 2.0, seeds)


def skewed(rng: np.random.Generator, seeds: int) -> np.ndarray:
    return np.where(rng.random(seeds) < 0.3, 0.0, rng.lognormal(0.0, 0.6, seeds))


@pytest.mark.slow
@pytest.mark.parametrize("draw", [normal, skewed])
def test_intervals_hold_the_truth_19_times_in_20(draw: Draw) -> None:
    measured = measure_coverage(pool_of(draw), 400, 20)
    assert 0.93 <= average(measured.differences) <= 0.97
    assert 0.93 <= average(measured.on_time) <= 0.97
    assert 0.93 <= average(measured.ship_dates) <= 0.99
    assert 0.91 <= average(measured.stopped) <= 0.97
    assert 20 < measured.runs_to_stop < 60


@pytest.mark.slow
def test_intervals_that_are_too_narrow_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def half_as_wide(base: np.ndarray, variant: np.ndarray) -> Estimate:
        mean, low, high = honest(base, variant)
        return Estimate(mean, (mean + low) / 2, (mean + high) / 2)

    honest = coverage.paired_difference
    monkeypatch.setattr(coverage, "paired_difference", half_as_wide)
    measured = measure_coverage(pool_of(normal), 200, 20)
    assert 0.5 < average(measured.differences) < 0.8  # 68 % of a normal mean


def test_a_figure_that_never_differs_is_not_counted() -> None:
    pool = pool_of(normal, 100)
    pool.figures["other"][FIGURES[1]][:] = pool.figures[BASE][FIGURES[1]]  # type: ignore[index]
    names = measure_coverage(pool, 2, 20).differences
    assert f"other: {FIGURES[1]}" not in names
    assert len(names) == len(FIGURES) - 1


def test_a_base_played_against_itself_differs_by_nothing(tmp_path: Path) -> None:
    shares: list[float] = []
    context = Context(pictures=tmp_path, progress=shares.append)
    result = Futures(days=16, seeds=5, studies=20, runs=5).run(context)
    by_key = {figure.key: figure for figure in result.figures}
    assert set(by_key) == set(Futures.keys)
    assert by_key["equal_variant_differs_by"].value == 0.0
    assert by_key["equal_variant_differs_by"].met
    assert shares == sorted(shares)
    assert result.pictures[0].file.stat().st_size > 5_000
