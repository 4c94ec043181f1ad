"""From five numbers to an answer of the site, around what a rule would do, and back.

Action 0 is the rule's own answer, so an agent learns what to do otherwise. Battery and set point
are moved in proportion; boiler, lines and standby are left as they are between -1/2 and 1/2.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.site import BOILER_HOLD, BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float64]
CONTROLS: Final = ("battery", "set_point", "boiler", "lines", "standby")
N_CONTROLS: Final = len(CONTROLS)
DEAD: Final = 0.5  # below it, boiler, lines and standby stay as the rule has them
FAR: Final = 0.75  # beyond it the boiler goes two steps
FANS_OFF: Final = 0.9  # above it the fans are off


def five_numbers(action: Any) -> Floats:
    """The action as numbers from -1 to 1, shape (5,); larger ones are cut to these.

    Raises
    ------
    IllegalAnswer
        If it is not five finite numbers.
    """
    try:
        numbers = np.asarray(action, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.shape != (N_CONTROLS,) or not np.isfinite(numbers).all():
        names = ", ".join(CONTROLS)
        raise IllegalAnswer(f"action must be 5 finite numbers ({names}), got {action!r}")
    return np.minimum(np.maximum(numbers, -1.0), 1.0)


def answer_of(action: Floats, choice: EnergyChoice, usual: EnergyAnswer) -> EnergyAnswer:
    """What an action means where a rule would answer ``usual``; see `EnergyEnv`."""
    battery, set_point, boiler, lines, standby = action.tolist()
    return EnergyAnswer(
        battery_kw=_battery_kw(battery, choice, usual),
        set_point_c=_set_point_c(set_point, choice, usual),
        boiler_mode=_boiler_mode(boiler, usual),
        lines_allowed=_lines(lines, choice, usual),
        standby=usual.standby if abs(standby) <= DEAD else standby > 0.0,
    )


def action_of(answer: EnergyAnswer, choice: EnergyChoice, usual: EnergyAnswer) -> Floats:
    """The action that means ``answer``, shape (5,)."""
    return np.array(
        (
            _battery_action(answer, choice, usual),
            _set_point_action(answer, choice, usual),
            _boiler_action(answer, usual),
            _lines_action(answer, choice, usual),
            0.0 if answer.standby == usual.standby else (1.0 if answer.standby else -1.0),
        )
    )


def _limited_kw(kw: float, choice: EnergyChoice) -> float:
    battery = choice.site.battery
    return min(max(kw, -battery.discharge_kw), battery.charge_kw)


def _battery_kw(action: float, choice: EnergyChoice, usual: EnergyAnswer) -> float:
    kw = _limited_kw(usual.battery_kw, choice)
    if action >= 0.0:
        return kw + action * (choice.site.battery.charge_kw - kw)
    return kw + action * (kw + choice.site.battery.discharge_kw)


def _battery_action(answer: EnergyAnswer, choice: EnergyChoice, usual: EnergyAnswer) -> float:
    before, after = _limited_kw(usual.battery_kw, choice), _limited_kw(answer.battery_kw, choice)
    if after == before:
        return 0.0
    battery = choice.site.battery
    room_kw = battery.charge_kw - before if after > before else before + battery.discharge_kw
    return (after - before) / room_kw


def _set_point_c(action: float, choice: EnergyChoice, usual: EnergyAnswer) -> float:
    low, high = choice.site.cooling.set_point_range_c
    if usual.set_point_c == COOLING_OFF_C:
        if action >= -DEAD:
            return COOLING_OFF_C
        return high - (high - low) * (-action - DEAD) / (1.0 - DEAD)
    if action > FANS_OFF:
        return COOLING_OFF_C
    if action >= 0.0:
        return min(usual.set_point_c + action / FANS_OFF * (high - usual.set_point_c), high)
    return max(usual.set_point_c + action * (usual.set_point_c - low), low)


def _set_point_action(answer: EnergyAnswer, choice: EnergyChoice, usual: EnergyAnswer) -> float:
    low, high = choice.site.cooling.set_point_range_c
    before, after = usual.set_point_c, answer.set_point_c
    if after == before:
        return 0.0
    if before == COOLING_OFF_C:  # the highest set point lies just below the dead zone
        number = -DEAD - (1.0 - DEAD) * (high - after) / (high - low)
        return min(number, -DEAD - 1e-6)
    if after == COOLING_OFF_C:
        return 1.0
    if after > before:
        return min(FANS_OFF * ((after - before) / (high - before)), FANS_OFF)
    return (after - before) / (before - low)


def _boiler_mode(action: float, usual: EnergyAnswer) -> int:
    if action < -DEAD:
        return min(usual.boiler_mode, BOILER_HOLD if action >= -FAR else BOILER_OFF)
    if action > DEAD:
        return max(usual.boiler_mode, BOILER_HOLD if action <= FAR else BOILER_ON)
    return usual.boiler_mode


def _boiler_action(answer: EnergyAnswer, usual: EnergyAnswer) -> float:
    if answer.boiler_mode == usual.boiler_mode:
        return 0.0
    size = FAR if answer.boiler_mode == BOILER_HOLD else 1.0
    return size if answer.boiler_mode > usual.boiler_mode else -size


def _lines(action: float, choice: EnergyChoice, usual: EnergyAnswer) -> int:
    allowed = min(usual.lines_allowed, choice.lines)
    if action < -DEAD:
        return min(allowed, round((1.0 + action) / (1.0 - DEAD) * choice.lines))
    return choice.lines if action > DEAD else allowed


def _lines_action(answer: EnergyAnswer, choice: EnergyChoice, usual: EnergyAnswer) -> float:
    before, after = (min(a.lines_allowed, choice.lines) for a in (usual, answer))
    if after == before:
        return 0.0
    return 1.0 if after > before else -1.0 + (1.0 - DEAD) * after / choice.lines
