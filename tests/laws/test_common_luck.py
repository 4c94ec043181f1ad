"""Law 5: two policies under one seed meet the same orders, absences, defects and time noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.edd import Edd
from agents.rules.spt import Spt
from factory_env import Factory, RunLog
from factory_env.sim.work.line_flow import PassInput, PassResult, run_pass
from tests.play import play

BOOK = (
    "order_id",
    "style",
    "customer",
    "quantity",
    "price_usd",
    "priority",
    "is_rush",
    "booked_min",
    "release_min",
    "due_min",
)


class NoiseWatch:
    """The compiled line, keeping each order's noise by its bundles and stations."""

    def __init__(self) -> None:
        self.noise: list[np.ndarray] = []

    def __call__(self, job: PassInput, record: bool) -> PassResult:
        self.noise.append(job.noise.copy())
        return run_pass(job, record)


@pytest.fixture(scope="module")
def runs(small) -> list[tuple[RunLog, list[np.ndarray]]]:
    """One seed, two rules; settled lines and a perfect inspector, so only luck is left."""
    settled = small.replace(learning=replace(small.learning, enabled=False), inspector="perfect")
    found = []
    for rule in (Edd(), Spt()):
        watch = NoiseWatch()
        found.append((play(Factory(settled, 7, engine=watch), rule), watch.noise))
    return found


def in_both(runs) -> np.ndarray:
    """Orders that both policies gave to the same line."""
    a, b = (log.tables["orders"] for log, _ in runs)
    sewn = ~np.isnan(a["sewn_min"]) & ~np.isnan(b["sewn_min"])
    return np.flatnonzero(sewn & (a["line"] == b["line"]))


def test_the_two_policies_decide_differently(runs) -> None:
    a, b = (log.tables["orders"] for log, _ in runs)
    assert (a["taken_min"] != b["taken_min"]).sum() > 5
    assert in_both(runs).shape[0] > 10


@pytest.mark.parametrize("name", BOOK)
def test_the_order_book_does_not_depend_on_the_policy(runs, name) -> None:
    a, b = (log.tables["orders"][name] for log, _ in runs)
    assert a.tolist() == b.tolist()


def test_absence_does_not_depend_on_the_policy(runs) -> None:
    a, b = (log.tables["attendance"] for log, _ in runs)
    days = min(a["day"].max(), b["day"].max())  # a run ends when all is shipped
    for name in ("day", "line", "present_share"):
        np.testing.assert_array_equal(a[name][a["day"] <= days], b[name][b["day"] <= days])
    assert np.unique(a["present_share"]).shape[0] > 30


@pytest.mark.parametrize("name", ["defective", "caught", "seconds"])
def test_an_order_on_the_same_line_has_the_same_spoiled_pieces(runs, name) -> None:
    a, b = (log.tables["orders"][name] for log, _ in runs)
    same = in_both(runs)
    np.testing.assert_array_equal(a[same], b[same])
    assert a[same].sum() > 50


def test_an_order_on_the_same_line_has_the_same_time_noise(runs) -> None:
    noise = []
    for log, seen in runs:
        orders = log.tables["orders"]
        # the engine saw orders as they were taken; within a minute lines are asked in turn
        decided = sorted(seen, key=lambda n: n.tobytes())
        noise.append((orders, {n.tobytes() for n in decided}))
    shared = noise[0][1] & noise[1][1]
    # every order that stayed on its line brings the very same matrix of noise
    assert len(shared) >= in_both(runs).shape[0]


def test_another_seed_is_other_luck(small, runs) -> None:
    other = play(Factory(small, 8), Edd()).tables["orders"]
    assert other["quantity"].tolist() != runs[0][0].tables["orders"]["quantity"].tolist()
