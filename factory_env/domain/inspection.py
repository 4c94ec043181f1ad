"""How finished pieces are inspected: by whom, how strictly, and what becomes of those flagged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from factory_env.domain.limits import NonNegative, Positive, Share

LEAST_SEVERITY = 0.2  # severities of defects are uniform from here to 1 [assumed]
MAX_DEGREES = 8  # of strictness among which an agent chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What the camera meets and was not trained on."""

    kind: Literal["none", "lighting", "new_styles"] = "none"
    from_day: NonNegative = 0.0  # working days since the start of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The inspection station with its repair loop; off = the plain gate, one look and one bench."""

    enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A file of conf/inspector."""

    name: str | None = None  # the inspector; None = the scenario's
    # of each kind of defect, as a probability at the share of defective pieces that a gate meets;
    # kinds that are not named, and all of them if it is empty, have the cost-optimal one
    threshold: tuple[tuple[str, Share], ...] = ()
    strictness: Positive = 1.0  # multiplies what an escape is taken to cost; 2 = flags more
    lever: Literal["house", "agent"] = "house"  # agent: asked for each order that a line takes
    strictness_options: tuple[Positive, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)  # what it may answer
    # orders of this priority, and rush orders, are never inspected more leniently than by the house
    lenient_priority: Positive = 2.0
    drift: Drift = field(default_factory=Drift)
    station: Station = field(default_factory=Station)
