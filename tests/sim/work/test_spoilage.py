"""Defects come as often as the reference says; the gate finds what its inspector finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, Scenario, load_scenario
from factory_env.domain.people import Grades
from factory_env.sim.work.line_pass import Shift
from factory_env.sim.work.spoilage import hour_of_shift
from tests.play import play

# domain reference, section 8: defective pieces in percent, grade-B operators, settled style
SHARES = [
    ("tee", 2.5),
    ("polo", 4.8),
    ("pullover", 5.2),
    ("dress", 8.7),
    ("jeans", 9.0),
    ("trouser", 9.7),
    ("shirt", 11.2),
    ("jacket", 13.2),
]


@pytest.fixture(scope="module")
def grade_b() -> Factory:
    """The small plant with grade-B operators only."""
    scenario = load_scenario("small").replace(grades=Grades(shares=(0.0, 1.0, 0.0, 0.0)))
    return Factory(scenario, 0)


@pytest.mark.parametrize(("product", "percent"), SHARES)
def test_a_settled_grade_b_line_spoils_the_share_of_the_reference(
    grade_b, product, percent
) -> None:
    tables = grade_b.world.tables
    style = next(i for i, s in enumerate(tables.styles) if s.product.name == product)
    lines = np.flatnonzero(tables.capable[:, style])
    assert lines.size
    for line in lines:
        # the reference rounds to a tenth of a percent, sometimes from rounded parts
        assert 100 * tables.defect_probability[line, style] == pytest.approx(percent, abs=0.1)


def played(scenario: Scenario, seeds: int = 3) -> dict[str, float]:
    """Pieces of shipped orders by fate, over some seeds, and the pieces expected to be spoiled."""
    total: dict[str, float] = {"expected": 0.0}
    tables = None
    for seed in range(seeds):
        factory = Factory(scenario, seed, tables=tables)
        tables = factory.tables
        orders = play(factory, Edd()).tables["orders"]
        done = ~np.isnan(orders["shipped_min"])
        for name in ("cut", "defective", "caught", "false_alarms", "seconds"):
            total[name] = total.get(name, 0.0) + float(orders[name][done].sum())
        probability = tables.defect_probability[orders["line"], factory.book.style]
        total["expected"] += float((orders["cut"] * probability)[done].sum())
    return total


@pytest.fixture(scope="module")
def settled(small) -> Scenario:
    """No learning: every style is settled from its first piece."""
    return small.replace(learning=replace(small.learning, enabled=False))


def test_settled_lines_spoil_as_many_pieces_as_expected(settled) -> None:
    found = played(settled)
    error = np.sqrt(found["expected"])  # Poisson
    assert found["expected"] > 5000
    assert found["defective"] == pytest.approx(found["expected"], abs=4 * error)


def test_new_styles_spoil_more_but_not_twice_as_many(small, settled) -> None:
    found = played(small)
    # 2.0 on the first day, falling to 1.0 with learning
    assert 1.02 < found["defective"] / found["expected"] < 2.0


def test_people_catch_between_fresh_and_tired(settled) -> None:
    found = played(settled)
    # 0.85 fresh, 0.77 at the end of eight hours; half the shift fresh, so about 0.83
    assert found["caught"] / found["defective"] == pytest.approx(0.83, abs=0.015)
    sound = found["cut"] - found["defective"]
    assert found["false_alarms"] / sound == pytest.approx(0.02, abs=4 * np.sqrt(0.0196 / sound))


def test_seconds_are_the_caught_pieces_beyond_repair(settled) -> None:
    found = played(settled.replace(inspector="perfect"))
    assert found["caught"] == found["defective"]
    assert found["false_alarms"] == 0
    # shares x (1 - repairable): .15 x .15 + .39 x .02 + .10 x .05 + .09 x .10 + .08 x .25
    # + .05 x .70 + .05 x .01 + 0 + .04 x .60 = .0225 + .0078 + .005 + .009 + .02 + .035
    # + .0005 + .024 = .1238
    error = np.sqrt(0.1238 * 0.8762 / found["caught"])
    assert found["seconds"] / found["caught"] == pytest.approx(0.1238, abs=4 * error)


def test_without_inspection_nothing_is_caught_or_lost(settled) -> None:
    found = played(settled.replace(inspector="none"), seeds=1)
    assert found["defective"] > 0
    assert found["caught"] == found["seconds"] == found["false_alarms"] == 0


def test_quality_switched_off_spoils_nothing(settled) -> None:
    off = settled.replace(quality=replace(settled.quality, enabled=False))
    assert played(off, seeds=1)["defective"] == 0


@pytest.mark.parametrize(
    ("taken", "done", "hour"),
    # work minute and shift minute at which the order was taken; an evening from 1420 to 1540
    [
        ((1000, 1020), 1030, 1.5),
        ((1000, 1020), 1390, 7.5),
        ((1000, 1020), 1480, 9.0),
        ((1000, 1020), 1540, 10.0),
        ((1000, 1020), 1600, 1.0),
        ((1480, 1440), 1510, 9.5),
        ((1480, 1440), 1600, 1.0),
        ((1600, 1500), 1630, 1.5),
    ],
)
def test_an_evening_goes_on_with_the_hours_of_its_day(taken, done, hour) -> None:
    work, shift = map(float, taken)
    evenings = np.array([[1420.0, 1540.0]])
    at = Shift(now_shift=shift, now_work=work, rate=1.0, day_min=480.0)
    assert hour_of_shift(float(done), at, evenings) == pytest.approx(hour)
