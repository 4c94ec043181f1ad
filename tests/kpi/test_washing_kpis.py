"""Figures of the washing room from a log made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, RunLog, Scenario
from factory_env.kpi.washing import ROOM, WASHING_LABELS, washing
from tests.play import play


@pytest.fixture(scope="module")
def dry(short: Scenario) -> RunLog:
    return play(Factory(short, 0), Edd())


def test_a_run_without_the_room_has_no_figures_of_it(dry: RunLog) -> None:
    assert washing(dry) == {}


def with_batches(log: RunLog, pieces: list[int]) -> RunLog:
    """Batches of a kilogram a piece and 40 l, each with an hour in the machine."""
    n = np.array(pieces, dtype=np.int64)
    table = {
        "pieces": n,
        "kg": n.astype(float),
        "busy_work_min": np.full(len(pieces), 60.0),
        "water_l": 40.0 * n,
    }
    facts = {**log.facts, "washing_machines": 2.0, "washing_capacity_kg": 100.0}
    return replace(log, tables={**log.tables, ROOM: table}, facts=facts)


def test_figures_of_three_batches(dry: RunLog) -> None:
    figures = washing(with_batches(dry, [100, 80, 30]))
    assert figures.keys() == WASHING_LABELS.keys()
    assert figures["washed_pieces"] == 210.0
    assert figures["wash_batches"] == 3.0
    assert figures["wash_fill_share"] == pytest.approx(0.7)
    assert figures["wash_water_m3"] == pytest.approx(8.4)
    assert figures["wash_water_l_per_piece"] == pytest.approx(40.0)
    # 3 h of two machines over the shifts of the run
    hours = 2 * dry.working_days * dry.facts["shift_min"] / 60.0
    assert figures["wash_busy_share"] == pytest.approx(3.0 / hours)


def test_nothing_washed_is_nought_everywhere(dry: RunLog) -> None:
    assert set(washing(with_batches(dry, [])).values()) == {0.0}
