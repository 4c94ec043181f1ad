"""What the look-ahead keeps from slot to slot of a run."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AHEAD: Final = 96  # slots of the look-ahead: a day
LEVELS: Final = 21  # of the battery's content
CASES: Final = 3  # of the sun of a day that has not begun: dull, usual, bright
# entries of `Memory.facts`
PLANNED, BEFORE, FANS, EXPECTED, OFF, WORKS, SUN_SUM, SUN_DAYS, SUN_TODAY, PRICED = range(10)
USUAL_TODAY: Final = 10
FACTS: Final = 11


class Memory(NamedTuple):
    """Arrays that are written in place."""

    facts: Floats  # (FACTS,)
    usual: Floats  # (2, 96) load without fans of a day off, of a working day [kW]
    fans: Floats  # (96,) power planned from the slot of the plan on [kW]
    caps: Floats  # (96,) import to hold [kW]
    soft: Floats  # (96,) aim that costs no demand [kW]
    hard: Floats  # (96,) aim that holds the import [kW]
    rate_usd: Floats  # (96,) what a kW above it may cost
    marginal: Floats  # (96,) what one more kWh of load costs [USD]
    value: Floats  # (CASES, 97, LEVELS) still to pay, by content of the battery [USD]


def blank() -> Memory:
    """The memory before the first slot."""
    memory = Memory(
        np.zeros(FACTS),
        np.zeros((2, AHEAD)),
        np.zeros(AHEAD),
        np.zeros(AHEAD),
        np.zeros(AHEAD),
        np.zeros(AHEAD),
        np.zeros(AHEAD),
        np.zeros(AHEAD),
        np.zeros((CASES, AHEAD + 1, LEVELS)),
    )
    forget(memory)
    return memory


@compiled
def forget(memory: Memory) -> None:
    """A new run begins."""
    memory.facts[:] = 0.0
    memory.facts[PLANNED] = memory.facts[BEFORE] = memory.facts[PRICED] = -1.0
    memory.usual[:] = np.nan
