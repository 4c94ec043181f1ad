"""What the bank of verdicts and the live camera share: rules, pictures' classes and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import CATEGORIES
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.inspectors.camera.bench_price import free_bench_min, priced
from factory_env.inspectors.camera.stakes import Ratios, Stakes, stakes_of
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.verdict_bank import CONDITIONS, SEEN, VerdictBank
from factory_env.styling.mapping import PRODUCTS

NEAREST: Final = {"knit": "tee", "woven": "shirt"}  # class of a product that no picture shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Rules of a scenario, style by style; made when a style first comes to the gate."""

    scenario: Scenario
    styles: Sequence[Style]
    bank: VerdictBank
    usual: str = CONDITIONS[0]  # what the camera meets when nothing has drifted
    _stakes: dict[int, Stakes] = field(default_factory=dict, repr=False, compare=False)

    def stakes(self, style: int) -> Stakes:
        """What is weighed for pieces of this style."""
        if style not in self._stakes:
            own = self.styles[style]
            ratio = self.ratio(style, CONDITIONS[0])
            m = self.bank.sound.shape[2]
            defective = ratio[m:].reshape(len(SEEN), -1, len(SEEN))
            minutes = free_bench_min(self.scenario, own.product)
            made = priced(stakes_of(self.scenario, own), ratio[:m], defective, minutes)
            self._stakes[style] = made
        return self._stakes[style]

    @property
    def heeds_strictness(self) -> bool:
        """Is any kind weighed by cost? A threshold that was asked for stays where it is."""
        return len(dict(self.scenario.inspection.threshold)) < len(SEEN)

    def ratio(self, style: int, condition: str) -> Ratios:
        """All answers of the bank for a style's class, as ratios, shape (entries, 7)."""
        garment = CATEGORIES.index(garment_of(self.styles[style]))
        return np.asarray(self.bank.ratio[CONDITIONS.index(condition), garment])

    def condition(self, style: int, day: float) -> str:
        """What the camera meets: a drawn design is a new style to it from the first day on."""
        drift = self.scenario.inspection.drift
        if drift.kind != "none" and day >= drift.from_day:
            return drift.kind
        return self.usual if self.styles[style].design is None else "new_styles"


class Work:
    """A scenario and its styles, equal to itself alone: the key under which rules are kept.

    Runs of one scenario share their styles, so the rules are made once in a process. They are
    pure: what one run asked of them changes nothing for the next.
    """

    __slots__ = ("scenario", "styles")

    def __init__(self, scenario: Scenario, styles: Sequence[Style]) -> None:
        self.scenario, self.styles = scenario, styles

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Work):
            return NotImplemented
        return other.scenario is self.scenario and other.styles is self.styles

    def __hash__(self) -> int:
        return hash((id(self.scenario), id(self.styles)))


def garment_of(style: Style) -> str:
    """Class of the pictures that show a style.

    Polo shirts are of the class tee, jeans of trouser, jackets of coat; a product that no class
    shows takes the nearest of its fabric group.
    """
    if style.design is not None:
        return style.design.category
    name, group = style.product.name, style.product.fabric_group
    of_class = (kind for kind, products in PRODUCTS.items() if name in products[:2])
    return next(of_class, NEAREST.get(group, CATEGORIES[0]))


def state_of_code(scenario: Scenario) -> NDArray[np.int64]:
    """Number in `KINDS` for each defect code of the factory; kinds no camera sees look sound."""
    names = (KINDS[0], *(kind.name for kind in scenario.library.defects))
    return np.array([KINDS.index(name) if name in KINDS else 0 for name in names])
