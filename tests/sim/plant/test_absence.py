"""Who is absent: the scenario's mean, more after a day off, one draw a line and day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env.domain.people import Absence
from factory_env.sim.days.luck import absence_shares
from factory_env.sim.kernel.streams import Streams

WEEK = np.array([True, False, False, False, False, False])  # Monday comes after the Sunday
DAYS = np.tile(WEEK, 2000)


def test_mean_and_spread_are_the_stated_ones() -> None:
    shares = absence_shares(Absence(), Streams(1), 0, DAYS)
    assert shares.mean() == pytest.approx(0.07, abs=4 * 0.035 / np.sqrt(DAYS.size))
    # beta with a + b = 70: sd = sqrt(m (1 - m) / 71) = 0.0286 on other days (m = 0.06)
    assert shares[~DAYS].std() == pytest.approx(np.sqrt(0.06 * 0.94 / 71), rel=0.05)


def test_mondays_have_twice_the_absence_of_other_days() -> None:
    shares = absence_shares(Absence(), Streams(1), 0, DAYS)
    # one Monday in six: (2 m + 5 m) / 6 = 0.07, so m = 0.06 and Mondays 0.12
    assert shares[~DAYS].mean() == pytest.approx(0.06, abs=0.001)
    assert shares[DAYS].mean() == pytest.approx(0.12, abs=0.004)


def test_lines_and_seeds_have_their_own_absence() -> None:
    draws = [
        absence_shares(Absence(), Streams(seed), line, DAYS[:60]).tolist()
        for seed in (1, 2)
        for line in (0, 1)
    ]
    assert len({tuple(d) for d in draws}) == 4
    assert draws[0] == absence_shares(Absence(), Streams(1), 0, DAYS[:60]).tolist()


def test_switched_off_everybody_comes() -> None:
    assert not absence_shares(replace(Absence(), enabled=False), Streams(1), 0, DAYS).any()


@pytest.mark.parametrize("mean", [0.7, 0.9, 1.0])
def test_the_mean_is_kept_where_days_after_a_day_off_are_full(mean: float) -> None:
    absence = replace(Absence(), mean=mean)
    shares = absence_shares(absence, Streams(1), 0, DAYS)
    assert shares.mean() == pytest.approx(mean, abs=0.005)
