"""The joint agent's action: an order's number and five levels; only what is asked for counts.

Level 0 of everything is what the rule would do, so what does not count is 0.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.envs.scheduling import actions
from factory_env.errors import IllegalAnswer

# level -> the number of `EnergyEnv` that it means, by control
LEVELS: Final[dict[str, tuple[float, ...]]] = {
    "battery": (0.0, -1.0, -0.75, -0.5, -0.25, -0.1, 0.1, 0.25, 0.5, 0.75, 1.0),
    "set_point": (0.0, -1.0, -0.5, 0.45, 0.9, 1.0),
    "boiler": (0.0, -1.0, -0.75, 0.75, 1.0),
    "lines": (0.0, -0.625, -0.75, -1.0),  # three quarters, half, none may run
    "standby": (0.0, -1.0, 1.0),
}
SIZES: Final = np.array((actions.N_ACTIONS, *map(len, LEVELS.values())), dtype=np.int64)
N_MASK: Final = int(SIZES.sum())
STARTS: Final = np.concatenate([[0], np.cumsum(SIZES)[:-1]])
ONLY_FIRST: Final = np.isin(np.arange(N_MASK), STARTS).astype(np.int8)  # 0 everywhere
ENERGY_MASK: Final = np.where(np.arange(N_MASK) < actions.N_ACTIONS, ONLY_FIRST, 1).astype(np.int8)


def six_numbers(action: Any) -> NDArray[np.int64]:
    """The action as whole numbers, shape (6,).

    Raises
    ------
    IllegalAnswer
        If it is not six whole numbers, each below its size.
    """
    array = np.asarray(action)
    sizes = ", ".join(str(n - 1) for n in SIZES)
    if array.shape != SIZES.shape or not np.issubdtype(array.dtype, np.integer):
        raise IllegalAnswer(f"action must be 6 whole numbers from 0 to {sizes}, got {action!r}")
    if ((array < 0) | (array >= SIZES)).any():
        raise IllegalAnswer(f"action is out of range: from 0 to {sizes}, got {array.tolist()}")
    return array.astype(np.int64)


def order_mask(of_orders: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Legal numbers where something of the floor is asked for, shape (N_MASK,)."""
    out = ONLY_FIRST.copy()
    out[: actions.N_ACTIONS] = of_orders
    return out


def is_legal(action: NDArray[np.int64], mask: NDArray[np.int8]) -> bool:
    """Is every number of the action legal?"""
    return bool(mask[STARTS + action].all())


def nearest_legal(action: NDArray[np.int64], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Of each of the six numbers the nearest that is legal, of two the lower; shape (6,)."""
    out = action.copy()
    for i, (start, size) in enumerate(zip(STARTS.tolist(), SIZES.tolist(), strict=True)):
        legal = np.flatnonzero(mask[start : start + size])
        out[i] = legal[np.argmin(np.abs(legal - action[i]))]
    return out


def controls_from(action: NDArray[np.int64]) -> NDArray[np.float64]:
    """The five numbers of `EnergyEnv` that the levels mean."""
    levels = zip(action[1:].tolist(), LEVELS.values(), strict=True)
    return np.array([values[level] for level, values in levels])


def levels_from(controls: NDArray[np.float64]) -> NDArray[np.int64]:
    """The action whose levels come nearest to five numbers of `EnergyEnv`, shape (6,)."""
    out = np.zeros(len(SIZES), dtype=np.int64)
    for i, (number, values) in enumerate(zip(controls.tolist(), LEVELS.values(), strict=True)):
        out[i + 1] = int(np.argmin(np.abs(np.array(values) - number)))
    return out
