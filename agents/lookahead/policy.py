"""The look-ahead as a policy that runs the site."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.lookahead.decide import SEEN, Outlook, Prices, decide
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
        self._memory = blank()
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
        prices = Prices(
            price_usd=choice.price_usd,
            export_usd=choice.export_usd,
            band=choice.demand_band,
            rate_usd=choice.demand_usd,
            paid_kw=choice.peak_kw,
        )
        outlook = Outlook(
            outdoor_c=choice.outdoor_c,
            pv_kw=choice.pv_kw,
            usual_pv_kw=choice.usual_pv_kw,
            open_share=choice.open_share,
        )
        house = self._known[1][0]
        setting = decide(self._record, house, seen[0], prices, outlook, self._memory)
        is_cooled = np.isfinite(setting.set_point_c)
        return EnergyAnswer(
            battery_kw=setting.battery_kw,
            set_point_c=setting.set_point_c if is_cooled else COOLING_OFF_C,
            boiler_mode=BOILER_ON if setting.is_lit else BOILER_OFF,
            lines_allowed=choice.lines,
        )
