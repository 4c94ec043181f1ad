"""A camera with the inspection network, and a person for what a camera this coarse cannot see.

The network is represented by a bank of its own answers on rendered pieces (`verdict_bank`): its
true verdicts at table speed. Stitches, labels and threads are too small for 25 mm a pixel: a person
looks for them, and for them alone, as well as `Human` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.ports import Bools, Codes, Floats, Pieces
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.inspectors.camera.rulebook import Rulebook, Work, state_of_code
from factory_env.inspectors.camera.stakes import MANUAL_SHARE
from factory_env.inspectors.human import Human
from factory_env.learned.inspection.verdict_bank import VerdictBank, shipped_bank

Ints = NDArray[np.int64]

# Odds against sound, as trained, from which on the network points to the defect. On 3,500 rendered
# test pieces the part that it holds for the likeliest to be changed lay on the defect in 95 % of
# those above, which is what the bench makes of a mark, and in 57 % of those below; by chance 28 %
SURE = 1.0
MOST_KEPT = 256  # lists of flagged entries kept: styles x conditions x strictness


class Shown(NamedTuple):
    """Pieces as they come to the camera, (n,) each; see `Pieces`."""

    defect: Codes
    severity: Floats
    shift_hour: Floats
    luck: Floats


class Cells(NamedTuple):
    """Where the bank keeps the verdicts on each defect code, (codes,) each."""

    is_seen: Bools  # by the camera
    first: Ints  # entry
    entries: Ints  # of a bin of severity


class Habits(NamedTuple):
    """Of the person who looks for what the camera does not see; see `Human`."""

    detects: float
    fatigue_per_hour: float
    fresh_hours: float
    false_alarm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cnn:
    """Draws a verdict from the bank's entries of the piece's class, defect and severity."""

    uses_camera: ClassVar[bool] = True
    manual_share: ClassVar[float] = MANUAL_SHARE

    rules: Rulebook
    person: Human = field(default_factory=Human)
    _cells: Cells = field(init=False, repr=False)
    _flagged: dict[tuple[int, str, float], Bools] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    _rates: dict[tuple[int, str, float], Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        state, bank = state_of_code(self.rules.scenario), self.rules.bank
        object.__setattr__(self, "_cells", Cells(state > 0, bank.first(state), bank.count(state)))

    @classmethod
    def of(
        cls, scenario: Scenario, styles: Sequence[Style], bank: VerdictBank | None = None
    ) -> Cnn:
        """The camera of a scenario; with the shipped bank if none is given."""
        if bank is None:
            return _shipped(Work(scenario, styles))
        return cls(rules=Rulebook(scenario=scenario, styles=styles, bank=bank))

    def judge(self, pieces: Pieces) -> Bools:
        person = self.person
        habits = Habits(
            detects=person.detects,
            fatigue_per_hour=person.fatigue_per_hour,
            fresh_hours=person.fresh_hours,
            false_alarm=person.false_alarm,
        )
        shown = Shown(
            defect=pieces.defect,
            severity=pieces.severity,
            shift_hour=pieces.shift_hour,
            luck=pieces.luck,
        )
        condition = self.rules.condition(pieces.style, pieces.day)
        verdicts = self._verdicts(pieces.style, condition, pieces.strictness)
        return _flags(shown, self._cells, self.rules.bank.bins, verdicts, habits)

    @property
    def has_threshold(self) -> bool:
        """Does strictness move any verdict?"""
        return self.rules.heeds_strictness

    def expected(
        self, style: int, day: float, defective_share: float, strictness: Floats
    ) -> tuple[Floats, Floats]:
        """Shares of the pieces that are flagged and let escape; see `Expecting`."""
        condition = self.rules.condition(style, day)
        rates = np.array([self._rates_of(style, condition, s)[0] for s in strictness.tolist()])
        share = np.array([kind.share for kind in self.rules.scenario.library.defects])
        caught = defective_share * (rates[:, 1:] @ (share / share.sum()))
        return caught + (1.0 - defective_share) * rates[:, 0], defective_share - caught

    def looked_for(self) -> Bools:
        """The person looks for the kinds that the camera cannot see."""
        return np.asarray(~self._cells.is_seen[1:])

    def marked(self, style: int, day: float, strictness: float) -> Floats:
        """Share of the flags on each kind of defect that mark it; see `Marking` and `SURE`."""
        flagged, marked = self._rates_of(style, self.rules.condition(style, day), strictness)
        return np.asarray(marked[1:] / np.maximum(flagged[1:], 1e-12))

    def _rates_of(self, style: int, condition: str, strictness: float) -> Floats:
        """How often a piece of each defect code is flagged, and marked, (2, codes); person rested.

        A camera marks what it is sure of, a person what they find.
        """
        key = style, condition, strictness
        if key not in self._rates:
            if len(self._rates) >= MOST_KEPT:
                self._rates.clear()
            verdicts, person = self._verdicts(*key), self.person
            is_seen, first, count = self._cells.is_seen, self._cells.first, self._cells.entries
            cells = np.where(is_seen, self.rules.bank.bins, 1) * count
            spans = list(zip(first.tolist(), cells.tolist(), strict=True))
            sure = verdicts & (self.rules.ratio(style, condition).sum(-1) > SURE)
            camera, marks = np.array(
                [[x[at : at + n].mean() for at, n in spans] for x in (verdicts, sure)]
            )
            looked_for = ~is_seen & (np.arange(is_seen.shape[0]) > 0)
            chance = np.where(looked_for, person.detects, person.false_alarm)
            flagged = 1.0 - (1.0 - camera) * (1.0 - chance)
            found = np.where(is_seen, marks, person.detects * looked_for)
            self._rates[key] = np.array([flagged, found])
        return self._rates[key]

    def _verdicts(self, style: int, condition: str, strictness: float) -> Bools:
        """Which entries of the bank are flagged, shape (entries,)."""
        rules, key = self.rules, (style, condition, strictness)
        if key not in self._flagged:
            if len(self._flagged) >= MOST_KEPT:
                self._flagged.clear()
            ratio = rules.ratio(style, condition)
            self._flagged[key] = rules.stakes(style).flags(ratio, strictness)
        return self._flagged[key]


@lru_cache(maxsize=8)
def _shipped(work: Work) -> Cnn:
    return Cnn.of(work.scenario, work.styles, shipped_bank())


@compiled
def _flags(shown: Shown, cells: Cells, bins: int, verdicts: Bools, habits: Habits) -> Bools:
    """The camera draws an entry; the person looks for what it does not see, with luck left over."""
    defect, luck, first, count = shown.defect, shown.luck, cells.first, cells.entries
    width = (1.0 - LEAST_SEVERITY) / bins
    flagged = np.empty(defect.shape[0], dtype=np.bool_)
    for i in range(defect.shape[0]):
        code = defect[i]
        drawn = luck[i] * count[code]
        place = min(int(drawn), count[code] - 1)
        at = first[code] + place
        chance = habits.false_alarm
        if cells.is_seen[code]:
            number = int(max(0.0, (shown.severity[i] - LEAST_SEVERITY) / width))
            at += min(number, bins - 1) * count[code]
        elif code > 0:
            tired_hours = max(0.0, shown.shift_hour[i] - habits.fresh_hours)
            chance = habits.detects - tired_hours * habits.fatigue_per_hour
        flagged[i] = verdicts[at] or drawn - place < chance
    return flagged


PLUG = Cnn
