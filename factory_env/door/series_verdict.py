"""What comes of a column's unit: numbers in the unit of the house, or what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.series_unit_names import Unknown

UNIT_KEY: Final = "say it with the key unit:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A column in the unit of the house, or what speaks against it."""

    values: Floats
    unit: str
    note: str = ""
    wrong: str = ""  # what the numbers are like, if they contradict the unit
    right: str = ""

    @classmethod
    def refuse(cls, unit: str, wrong: str, right: str) -> Converted:
        return cls(values=np.empty(0), unit=unit, wrong=wrong, right=right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a column's user and its file say beside its name."""

    unit: str = ""  # instead of the name's
    beside: str = ""  # what stands beside every number, e.g. "ct"
    currency: str = ""  # of the tariff; "" = not given
    kwp: float = 0.0  # size of the PV plant the numbers are of; 0 = not given
    performance: float = 0.8  # power per kWp in a sun of 1 kW/m2
    step_h: Floats | float = 1.0  # that each row holds
    span_h: float = 0.0  # of the whole file
    zone: str = ""  # of the site's clock, where nobody gives one for the file
    year: int = 2025  # in which a typical year's file is taken to lie


def say_unknown(unit: str, unknown: Unknown, right: str) -> Converted:
    """The unit of the name is none that is known."""
    return Converted.refuse(unit, f"the unit {unknown.text!r}", f"{right}: {UNIT_KEY}")
