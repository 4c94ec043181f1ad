"""A camera with the inspection network, and a person for what a camera this coarse cannot see.

The network is represented by a bank of its own answers on rendered pieces (`verdict_bank`): its
true verdicts at table speed. Stitches, labels and threads are too small for 25 mm a pixel: a person
looks for them, and for them alone, as well as `Human` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.ports import Bools, Pieces
from factory_env.inspectors.human import Human
from factory_env.learned.defects import KINDS
from factory_env.learned.verdict_bank import VerdictBank, load_bank
from factory_env.library import load_library


def row_of_code() -> NDArray[np.int64]:
    """Row of the bank for each defect code of the factory; -1 where the camera sees nothing."""
    names = ("sound", *(kind.name for kind in load_library().defects))
    return np.array([KINDS.index(name) if name in KINDS else -1 for name in names])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cnn:
    """Flags a piece if the expected cost of letting it pass is larger than that of a second look.

    Costs and share are [assumed]; with honest probabilities the threshold
    ``false_alarm_usd / (false_alarm_usd + escape_usd)`` is the cheapest.
    """

    false_alarm_usd: float = 0.4
    escape_usd: float = 12.0
    defective_share: float = 0.08  # of the pieces that reach the gate
    bank: VerdictBank = field(default_factory=load_bank)
    person: Human = field(default_factory=Human)
    row: NDArray[np.int64] = field(default_factory=row_of_code)

    @property
    def threshold(self) -> float:
        """The threshold as a probability of the bank, where half of the pieces are defective."""
        odds = self.false_alarm_usd / self.escape_usd
        odds *= (1 - self.defective_share) / self.defective_share
        return odds / (1 + odds)

    def judge(self, pieces: Pieces) -> Bools:
        row, luck = self.row[pieces.defect], pieces.luck
        is_seen = row >= 0
        count = self.bank.probability.shape[1]
        place = np.minimum((luck * count).astype(np.int64), count - 1)
        probability = self.bank.probability[np.where(is_seen, row, 0), place]
        rest = luck * count - place  # uniform again, and independent of the place
        unseen = replace(
            pieces,
            defect=np.where(is_seen, 0, pieces.defect).astype(np.int8),
            luck=np.clip(rest, 0.0, 1.0 - 1e-12),
        )
        by_person = self.person.judge(unseen)
        return np.asarray((probability > self.threshold) | by_person)


PLUG = Cnn
