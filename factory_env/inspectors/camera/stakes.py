"""What a camera's verdict is worth: how often pieces are defective, and what each mistake costs.

A piece is flagged if that is expected to cost less than letting it pass,

    sum over kinds k of  p_k (escape - repair_k)  >  p_sound x look

with probabilities moved from the training, where half of the pieces were defective, to the share
that the gate meets. If one kind alone is in question this is the threshold
``t_k = look / (look + escape - repair_k)`` on its probability.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain import inspection_costs as costs
from factory_env.domain.ports import Bools
from factory_env.domain.product import Product, Style
from factory_env.domain.quality import DefectKind
from factory_env.domain.scenario import Scenario
from factory_env.learned.inspection.verdict_bank import SEEN

Floats = NDArray[np.float64]
Ratios = NDArray[np.float32]

TRAINED: Final = 1.0 / len(SEEN)  # a kind's share over that of sound pieces, in training
MOST_DEFECTIVE: Final = 0.99
MANUAL_SHARE: Final = 0.5  # of a check: the person looks for four small kinds only [assumed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """Costs and shares of the pieces of one style; arrays have one number a kind of `SEEN`."""

    share: Floats  # of the pieces that reach the gate
    look_usd: float  # a sound piece flagged
    escape_usd: float  # a defective piece let pass
    caught_usd: Floats  # a defective piece flagged
    limit: Floats  # threshold that was asked for; NaN = the cheapest
    look_min: float  # of the bench
    caught_min: Floats  # of the bench

    @property
    def odds(self) -> Floats:
        """Kind against sound at the gate, over the same in training."""
        return np.asarray(self.share / (1.0 - self.share.sum()) / TRAINED)

    def thresholds(self, strictness: float = 1.0) -> Floats:
        """Probability above which a piece that is either sound or of kind k is flagged."""
        gain = np.maximum(strictness * self.escape_usd - self.caught_usd, 0.0)
        cheapest = np.where(gain > 0, self.look_usd / np.maximum(self.look_usd + gain, 1e-12), 1.0)
        return np.where(np.isnan(self.limit), cheapest, self.limit)

    def flags(self, ratio: Ratios, strictness: float = 1.0) -> Bools:
        """Which pieces are flagged, shape (n,).

        Parameters
        ----------
        ratio
            Probability of each kind over that of sound, as trained, shape (n, 7).
        """
        is_auto = np.isnan(self.limit)
        gain = np.where(is_auto, strictness * self.escape_usd - self.caught_usd, 0.0)
        found = ratio @ (self.odds * gain).astype(np.float32) > self.look_usd
        if not is_auto.all():
            here = ratio * self.odds.astype(np.float32)
            share = here / (1.0 + here.sum(-1, keepdims=True))
            found |= (share > np.where(is_auto, np.inf, self.limit)).any(-1)
        return np.asarray(found)

    def at_bench_price(self, usd_per_min: float) -> Stakes:
        """The same where a minute of the bench costs so much more."""
        return replace(
            self,
            look_usd=self.look_usd + usd_per_min * self.look_min,
            caught_usd=self.caught_usd + usd_per_min * self.caught_min,
        )


def stakes_of(scenario: Scenario, style: Style) -> Stakes:
    """What is at stake with pieces of ``style`` on a settled line."""
    product, price = style.product, style.product.price_usd
    kinds = [_kind(scenario, name) for name in SEEN]
    asked = dict(scenario.inspection.threshold)
    look_min = product.inspect_min
    caught = [_caught_usd(scenario, style, kind) for kind in kinds]
    return Stakes(
        share=_shares(scenario, style, kinds),
        look_usd=costs.false_alarm_usd(scenario, product),
        escape_usd=costs.escape_usd(scenario, price),
        caught_usd=np.array(caught),
        limit=np.array([asked.get(name, np.nan) for name in SEEN]),
        look_min=look_min,
        caught_min=np.array(
            [look_min + kind.repairable * costs.repair_min(scenario, style, kind) for kind in kinds]
        ),
    )


def _kind(scenario: Scenario, name: str) -> DefectKind:
    return next(kind for kind in scenario.library.defects if kind.name == name)


def _caught_usd(scenario: Scenario, style: Style, kind: DefectKind) -> float:
    return costs.repair_usd(
        scenario,
        style,
        kind,
        style.product.price_usd,
        manual_share=MANUAL_SHARE,
        uses_camera=True,
    )


def _shares(scenario: Scenario, style: Style, kinds: list[DefectKind]) -> Floats:
    """Share of each kind among the pieces that reach the gate."""
    whole = sum(kind.share for kind in scenario.library.defects)
    share = defective_share(scenario, style) / whole
    return np.array([share * kind.share for kind in kinds])


def defective_share(scenario: Scenario, style: Style) -> float:
    """Of the pieces of a style, sewn by the scenario's mix of grades on a settled line."""
    quality, grades = scenario.quality, scenario.grades
    if not quality.enabled:
        return 0.0
    pairs = zip(grades.shares, grades.defect_factors, strict=True)
    people = sum(share * factor for share, factor in pairs)
    people *= 1.0 if style.design is None else style.design.defect_factor
    return min(MOST_DEFECTIVE, _spoiled(style.product, dict(quality.by_operation_grade), people))


def _spoiled(product: Product, by_grade: dict[str, float], people: float) -> float:
    sound = [1.0 - min(1.0, by_grade[operation.grade] * people) for operation in product.operations]
    return 1.0 - float(np.prod(sound))
