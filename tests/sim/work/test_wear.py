"""What machines and evenings do to the pieces, on shifts of 480 minutes at a minute a piece."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.work.line_pass import Shift, Wear
from factory_env.sim.work.wear import Needles, Overtime, Service, bundle_factors


def factors(done, pieces=10.0, evenings=(), **changes) -> tuple[np.ndarray, float, float]:
    """Factors of bundles done at these minutes of shifts of 480, 1 min a piece; service, needle."""
    numbers = {
        "every": 2880.0,
        "due": 100.0,
        "change": 1e9,
        "old": 1e9,
        "regular": 480.0,
        "start": 0.0,
        **changes,
    }
    done = np.asarray(done, dtype=np.float64)
    factor, wear = bundle_factors(
        np.full(done.shape, pieces),
        np.arange(done.shape[0]),
        done,
        1.0,
        Shift(now_shift=0.0, now_work=0.0, rate=1.0, day_min=480.0),
        Wear(service_min=numbers["start"]),
        Service(
            every_min=numbers["every"],
            due_min=numbers["due"],
            overdue_factor=1.3,
            overdue_most=2.0,
        ),
        Needles(change_min=numbers["change"], old_min=numbers["old"], old_factor=1.2),
        Overtime(
            evenings=np.array(evenings, dtype=np.float64).reshape(-1, 2),
            regular_min=numbers["regular"],
            factor=1.15,
        ),
    )
    return factor, wear.service_min, wear.needle_min


def test_overdue_service_rises_from_1_3_to_2_and_a_service_ends_it() -> None:
    found, left, _ = factors([10, 20, 30, 2890], pieces=50.0)
    assert found == pytest.approx([1.0, 1.3, 1.65, 1.0])
    assert left == 50.0
    found, *_ = factors([10, 20], pieces=100.0, start=100.0)
    assert found == pytest.approx([2.0, 2.0])  # never more
    assert factors([1e6], pieces=99.0, every=float("inf"))[0] == pytest.approx([1.0])


def test_needles_are_old_until_they_are_changed() -> None:
    found, _, age = factors([10, 20, 30, 40, 50], pieces=4.0, old=8.0, change=12.0)
    assert found == pytest.approx([1.0, 1.0, 1.0, 1.0, 1.0])
    found, _, age = factors([10, 20, 30, 40, 50], pieces=3.0, old=8.0, change=12.0)
    assert found == pytest.approx([1.0, 1.0, 1.2, 1.0, 1.0])
    assert age == 3.0


def test_evenings_and_fixed_overtime_tire_people() -> None:
    found, *_ = factors([470, 479, 481, 500], pieces=1.0, evenings=[(480, 490)])
    assert found == pytest.approx([1.0, 1.0, 1.15, 1.0])
    found, *_ = factors([419, 421, 479, 500], pieces=1.0, regular=420.0)
    assert found == pytest.approx([1.0, 1.15, 1.15, 1.0])
