"""The words of changes: what stands behind each, and what must and may stand beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from factory_env.domain import changes as what
from factory_env.domain.changes import Change
from factory_env.door.changing.fields import (
    Day,
    Field,
    HeadsOrShare,
    LineName,
    Machine,
    Moment,
    Number,
    OrderId,
    Text,
    Yes,
)
from factory_env.door.changing.new_order import NewOrder

ON: Final[Mapping[str, Field]] = {"on": Moment("at_min")}
FROM: Final[Mapping[str, Field]] = {"from": Moment("from_min")}
TO: Final[Mapping[str, Field]] = {"to": Moment("to_min", is_end=True)}
LINE: Final[Mapping[str, Field]] = {"line": LineName()}
FOR_GOOD: Final = {"to_min": math.inf}  # where no end is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of change as it is written: its word's value, and the keys beside it."""

    of: type[Change]
    value: Field
    needs: Mapping[str, Field]
    may: Mapping[str, Field] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    meaning: str

    def fields(self, word: str) -> dict[str, Field]:
        """All keys."""
        return {word: self.value, **self.needs, **self.may}


def _window(of: type[Change], value: Field, meaning: str, **may: Field) -> Kind:
    """A kind with a window whose end may be left out."""
    return Kind(
        of=of, value=value, needs=FROM, may={**TO, **may}, defaults=FOR_GOOD, meaning=meaning
    )


KINDS: Final[Mapping[str, Kind]] = {
    "add_order": Kind(of=what.AddOrder, value=NewOrder(), needs=ON, meaning="an order comes in"),
    "cancel_order": Kind(
        of=what.CancelOrder, value=OrderId(), needs=ON, meaning="an order is no longer wanted"
    ),
    "amend_order": Kind(
        of=what.AmendOrder,
        value=OrderId(),
        needs=ON,
        may={
            "quantity": Number("quantity", 1, 10_000_000, is_whole=True),
            "due": Moment("due_min", is_end=True),
            "priority": Number("priority", 0.0, 1000.0, is_above=True),
        },
        meaning="another quantity, due date or priority",
    ),
    "late_fabric": Kind(
        of=what.LateFabric,
        value=OrderId(),
        needs={**ON, "until": Moment("release_min")},
        meaning="fabric comes later; on: the day on which that is known",
    ),
    "line_down": Kind(
        of=what.LineDown,
        value=LineName(),
        needs=FROM,
        may=TO,
        defaults=FOR_GOOD,
        meaning="a line does nothing",
    ),
    "line_speed": Kind(
        of=what.LineSpeed,
        value=Number("factor", 0.01, 100.0),
        needs={**FROM, **LINE},
        may=TO,
        meaning="a line sews at so many times its pace",
    ),
    "heads": _window(
        what.Heads, HeadsOrShare(), "more or fewer operators of a line, or of all", **LINE
    ),
    "absence_wave": _window(
        what.AbsenceWave,
        Number("share", 0.0, 1.0, is_above=True, is_share=True),
        "so many operators more stay away",
    ),
    "machines_out": Kind(
        of=what.MachinesOut,
        value=Machine(),
        needs={**FROM, "count": Number("count", 1, 10_000, is_whole=True)},
        may={**TO, **LINE},
        defaults=FOR_GOOD,
        meaning="machines of a type are out of order, on a line or on every line",
    ),
    "overtime": _window(
        what.Overtime,
        Number("hours", 0.0, 12.0, is_above=True),
        "hours after the shift on every working day, on a line or on all",
        **LINE,
    ),
    "work_day": Kind(
        of=what.WorkDay, value=Day("day"), needs={}, meaning="a day off that is worked"
    ),
    "closed_day": Kind(
        of=what.ClosedDay, value=Day("day"), needs={}, meaning="a working day that is off"
    ),
    "energy_price": _window(
        what.EnergyPrice, Number("factor", 0.0, 1000.0), "so many times the price of energy"
    ),
    "outage": _window(what.Outage, Yes(), "the grid gives nothing"),
    "other_policy": Kind(
        of=what.OtherPolicy, value=Text("agent"), needs=ON, meaning="somebody else decides"
    ),
    "force_order": Kind(
        of=what.ForceOrder,
        value=OrderId(),
        needs={**ON, **LINE},
        meaning="the order is the next one on that line, whoever decides",
    ),
    "more_demand": _window(
        what.MoreDemand,
        Number("factor", 0.0, 20.0),
        "customers order so many times as often; for books that are drawn",
    ),
}
