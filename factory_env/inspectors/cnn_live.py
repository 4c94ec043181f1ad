"""The same camera as `cnn`, but the network itself looks at a rendered picture of every piece.

Pictures are those on which the bank was drawn, so the two agree in their rates; a style with a
drawn design shows its own picture. Brings torch when it first judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from factory_env.domain.ports import Bools, Floats, Pieces
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.inspectors.camera.rulebook import Rulebook, garment_of, state_of_code
from factory_env.inspectors.cnn import Cnn
from factory_env.inspectors.human import Human
from factory_env.learned.inspection.verdict_bank import VerdictBank, ratios, shipped_bank

PARTS = 1 << 26  # luck is cut in two: the first 26 bits for the camera, the rest for the person


@dataclass(frozen=True, slots=True, kw_only=True)
class CnnLive:
    """Rules, thresholds and the person are those of `Cnn`."""

    uses_camera: ClassVar[bool] = True
    manual_share: ClassVar[float] = Cnn.manual_share

    rules: Rulebook
    person: Human = field(default_factory=Human)
    _bank: Cnn = field(init=False, repr=False, compare=False)  # tells what is to be expected

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bank", Cnn(rules=self.rules, person=self.person))

    @classmethod
    def of(
        cls, scenario: Scenario, styles: Sequence[Style], bank: VerdictBank | None = None
    ) -> CnnLive:
        """The camera of a scenario; ``bank`` tells what is to be expected.

        Without a folder of pictures it shows designs, which the bank knows as new styles.
        """
        shipped = shipped_bank() if bank is None else bank
        usual = "new_styles" if scenario.inspection.pictures is None else "usual"
        return cls(rules=Rulebook(scenario=scenario, styles=styles, bank=shipped, usual=usual))

    @property
    def has_threshold(self) -> bool:
        """Does strictness move any verdict?"""
        return self.rules.heeds_strictness

    def expected(
        self, style: int, day: float, defective_share: float, strictness: Floats
    ) -> tuple[Floats, Floats]:
        """As the bank says, which stands for the network; see `Expecting`."""
        return self._bank.expected(style, day, defective_share, strictness)

    def looked_for(self) -> Bools:
        """The person looks for the kinds that the camera cannot see."""
        return self._bank.looked_for()

    def marked(self, style: int, day: float, strictness: float) -> Floats:
        """As the bank says; see `Marking`."""
        return self._bank.marked(style, day, strictness)

    def judge(self, pieces: Pieces) -> Bools:
        from factory_env.learned.inspection.live_camera import live_camera  # brings torch

        rules, own = self.rules, self.rules.styles[pieces.style]
        state = state_of_code(rules.scenario)[pieces.defect]
        parts = pieces.luck * PARTS
        first = np.floor(parts)
        named = live_camera(rules.scenario.inspection.pictures).look(
            garment_of(own),
            rules.condition(pieces.style, pieces.day),
            state,
            pieces.severity,
            first / PARTS,
            None if own.design is None else own.design.picture,
        )
        stakes = rules.stakes(pieces.style)
        unseen = replace(
            pieces, defect=np.where(state > 0, 0, pieces.defect).astype(np.int8), luck=parts - first
        )
        by_person = self.person.judge(unseen)
        return np.asarray(stakes.flags(ratios(named), pieces.strictness) | by_person)


PLUG = CnnLive
