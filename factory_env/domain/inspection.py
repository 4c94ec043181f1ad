"""How finished pieces are inspected: by whom, how strictly, and what becomes of those flagged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from factory_env.domain.limits import NonNegative, Positive, Share, TimesOrNone
from factory_env.domain.quality import Causes

LEAST_SEVERITY = 0.2  # severities of defects are uniform from here to 1 [assumed]
MEAN_SEVERITY = (1.0 + LEAST_SEVERITY) / 2.0
MAX_DEGREES = 8  # of strictness among which an agent chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What the camera meets and was not trained on."""

    kind: Literal["none", "lighting", "new_styles"] = "none"
    from_day: NonNegative = 0.0  # working days since the start of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The inspection station with its repair loop; off = the plain gate, one look and one bench.

    All numbers [assumed]; what the causes take from the domain reference is marked there.
    """

    enabled: bool = False
    camera_s: NonNegative = 4.0  # a piece before the camera: hung up, turned, judged
    # per judged piece: 15,000 USD with service, five years at 550 pieces a day, a camera a line
    camera_usd: NonNegative = 0.018
    bench_detects: Share = 0.95  # of the defects that the inspector has marked; the rest is let go
    # of the defects on pieces flagged without a mark, of kinds that a person at the gate has looked
    # for: as a second person finds what the first has missed (domain reference, section 8)
    bench_second: Share = 0.6
    bench_first: Share = 0.85  # of the other kinds: as a first person finds them (the same)
    mender_grade: Literal["A", "B", "C", "T"] = "B"  # time and failures follow the grade
    repair_fails: Share = 0.08  # of the repairs of a grade-B mender: still defective afterwards
    max_repairs: TimesOrNone = 2  # of a piece; flagged again after that, it is a second
    return_share: Share = 0.5  # of the escapes; in proportion to severity, at most all
    return_usd: NonNegative = 6.0  # handling of a return, on top of the price
    causes: Causes = field(default_factory=Causes)


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
    # folder of Fashion-MNIST's files, whose test pictures cnn_live shows; None = designs
    pictures: str | None = None
    station: Station = field(default_factory=Station)
