"""A pass of a few bundles over one to three stations, every number small enough for a head."""

from __future__ import annotations

from typing import Any

import numpy as np

from factory_env.sim.work.line_flow import PassInput


def one_pass(
    pieces: list[float], smv_min: list[float], people: list[int] | None = None, **changes: Any
) -> PassInput:
    """``people`` at each station, one by default; all of efficiency 1, free and loaded at 0."""
    seats = people or [1] * len(smv_min)
    plain: dict[str, Any] = {
        "pieces": np.array(pieces),
        "smv_min": np.array(smv_min),
        "crew": np.arange(sum(seats)),
        "crew_start": np.concatenate([[0], np.cumsum(seats)]),
        "efficiency": np.ones(sum(seats)),
        "free": np.zeros(sum(seats)),
        "noise": np.ones((len(pieces), len(smv_min))),
        "stop": np.empty((0, 0)),
        "start_min": 0.0,
        "pace_min": 0.0,
        "learn_loss": 0.0,
        "learn_tau_min": 1.0,
    }
    return PassInput(**plain | changes)
