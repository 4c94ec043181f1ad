"""Records what a factory did, slot by slot, so that its site can be run again on the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.sim.run import Factories, play

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What the factory did in a run, slot by slot."""

    seed: int
    feed: NDArray[np.void]  # (n,) rows of the slot engine's `FEED`: slots accounted for
    outside: NDArray[np.void]  # rows of `OUTSIDE`, and ...
    opens: Floats  # ... the calendar's open share, of every slot up to the horizon


def record_runs(scenario: Scenario, lines: Policy, seeds: Sequence[int]) -> list[Recording]:
    """The work of runs in which the site is left alone (``control.mode: always_on``)."""
    make = Factories(scenario.with_control("always_on"))
    return [_recording(make, lines, seed) for seed in seeds]


def _recording(make: Factories, lines: Policy, seed: int) -> Recording:
    factory = make(seed)
    play(factory, lines)
    site = factory.site
    assert site is not None
    return Recording(
        seed=seed,
        feed=site.feed[: site.at].copy(),
        outside=site.outside,
        opens=site.opens,
    )
