"""Compiled functions give what Python gives to the last bit, unless they may be fast."""

from __future__ import annotations

import math

import numpy as np
import pytest

from factory_env.compiled import compiled, compiled_fast
from factory_env.sim.planning.estimate import Terms, late_share

TERMS = Terms(
    attendance=0.93,
    tail_min=700.0,
    labour_usd_per_min=0.05,
    day_min=480.0,
    late_days=np.array([0.0, 3.0, 10.0]),
    late_shares=np.array([0.01, 0.07, 0.3]),
    days_per_min=7.0 / 2880.0,
)


@compiled
def careful(a: float, b: float) -> float:
    return a / b


@compiled_fast
def fast(a: float, b: float) -> float:
    return a / b


def test_a_kernel_is_its_own_python_to_the_last_bit() -> None:
    plain = late_share.py_func  # what Numba was given
    for days in np.linspace(-4.0, 12.0, 97).tolist():
        assert late_share(days, TERMS) == plain(days, TERMS)


def test_a_division_by_zero_is_an_error_unless_speed_was_asked_for() -> None:
    with pytest.raises(ZeroDivisionError):
        careful(1.0, 0.0)
    assert fast(1.0, 0.0) == math.inf
