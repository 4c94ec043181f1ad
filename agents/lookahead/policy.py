"""The look-ahead as a policy that runs the site."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.lookahead.decide import SEEN, decide
from agents.lookahead.house import house_record
from agents.lookahead.learned import Floats, record
from agents.lookahead.memory import blank
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.site import BOILER_OFF, BOILER_ON, COOLING_OFF_C

# compiled functions are kept on disk by the types of their arguments: this makes the content of
# the files they call one of them
FILES: Final = ("battery_plan", "decide", "foresight", "hall_plan", "levels", "memory")
CONTENT: Final = b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in FILES)
CODE: Final = f"code_{zlib.crc32(CONTENT):08x}"


class Lookahead:
    """Looks a day ahead before every answer; see `learned` for its numbers.

    One object serves one run after the other, not two at a time.
    """

    def __init__(self, numbers: Floats) -> None:
        self.numbers = np.asarray(numbers, dtype=np.float64)
        self._record = record(self.numbers)[0]
        self._memory, self._answer = blank(), np.zeros(3)
        self._known: tuple[Any, NDArray[np.void]] | None = None

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """The answer to one question."""
        if self._known is None or self._known[0] is not choice.site:
            self._known = (choice.site, house_record(choice.site, CODE))
        seen = np.array(
            [
                (
                    choice.slot,
                    choice.soc_kwh,
                    choice.indoor_c,
                    choice.boiler_warm_min,
                    float(choice.last_load_kw[-1]),
                    choice.days_left,
                )
            ],
            dtype=SEEN,
        )
        tariff = (
            choice.price_usd,
            choice.export_usd,
            choice.demand_band,
            choice.demand_usd,
            choice.peak_kw,
        )
        ahead = (choice.outdoor_c, choice.pv_kw, choice.open_share)
        decide(self._record, self._known[1][0], seen[0], tariff, ahead, self._memory, self._answer)
        battery_kw, set_point_c, is_lit = self._answer.tolist()
        return EnergyAnswer(
            battery_kw=battery_kw,
            set_point_c=set_point_c if np.isfinite(set_point_c) else COOLING_OFF_C,
            boiler_mode=BOILER_ON if is_lit > 0.0 else BOILER_OFF,
            lines_allowed=choice.lines,
        )
