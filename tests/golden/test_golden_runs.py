"""Runs that were looked at once and kept: a change to the model shows here first.

To accept a change on purpose, run `SEAMLINE_WRITE_GOLDEN=1 pytest tests/golden`, read the
difference, and commit the file together with the reason.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.kpi.table import LABELS, kpis
from tests.play import play

FILE = Path(__file__).parent / "small_plant.json"
# parameters are named: tuning the rule's defaults is no change to the model
MATCH = AtcsMatch(k1=2.0, k2=0.5, k3=0.5, grace_min=0.0, hold_beyond=1000.0)
RUNS = {"edd 1": (Edd(), 1), "atcs_match 1": (MATCH, 1), "atcs_match 2": (MATCH, 2)}


@pytest.fixture(scope="module")
def kept() -> dict[str, dict[str, float]]:
    """The kept KPIs by run."""
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("run", RUNS)
def test_a_run_of_the_small_plant_gives_the_kept_kpis(run, small, small_tables) -> None:
    rule, seed = RUNS[run]
    found = kpis(play(Factory(small, seed, tables=small_tables), rule))
    if os.environ.get("SEAMLINE_WRITE_GOLDEN"):
        whole = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
        FILE.write_text(json.dumps({**whole, run: found}, indent=2) + "\n", "utf-8")
    expected = json.loads(FILE.read_text(encoding="utf-8"))[run]
    # platforms differ in the last bits of exp and log; decisions and counts do not
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_the_kept_file_holds_these_runs_with_every_kpi(kept) -> None:
    assert kept.keys() == RUNS.keys()
    assert all(row.keys() == LABELS.keys() for row in kept.values())


def test_the_kept_runs_are_plausible(kept) -> None:
    for row in kept.values():
        assert 20 <= row["orders"] <= 80
        # settled lines reach 0.54-0.70; changeovers, learning, absence and the last fifteen
        # days, in which the house empties, come off
        assert 0.2 < row["line_efficiency"] < 0.6
        assert 0.02 < row["defective_share"] < 0.2
        assert row["escape_share"] < row["defective_share"] < 1.0
        assert row["total_cost_usd"] > 0.0
        assert 0.0 <= row["otif_share"] <= row["on_time_share"] <= 1.0
