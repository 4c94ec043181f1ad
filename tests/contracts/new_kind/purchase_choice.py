"""How much of each article is bought? A kind of question that the house does not have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.answers import AnswerRow, check_structured, structured_row
from factory_env.domain.scenario import Scenario
from factory_env.errors import IllegalAnswer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PurchaseAnswer:
    """Metres an article, and from whom."""

    metres: NDArray[np.float64]
    rolls: NDArray[np.int64]
    supplier: str = "mill"
    is_express: bool = False
    days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseChoice:
    """Asked of the buyer, who sees what is in stock."""

    asks: ClassVar[str] = "buy"
    role: ClassVar[str] = "buyer"
    headline: ClassVar[str] = "what is bought?"

    kind: Literal["purchase"] = "purchase"
    serial: int
    now_min: float
    asker: int
    stock_m: NDArray[np.float64]

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        return True

    def usual(self) -> PurchaseAnswer:
        """Nothing is bought."""
        n = self.stock_m.shape[0]
        return PurchaseAnswer(metres=np.zeros(n), rolls=np.zeros(n, dtype=np.int64))

    def check(self, answer: PurchaseAnswer) -> None:
        check_structured(self, answer, PurchaseAnswer)
        if answer.metres.shape != self.stock_m.shape or (answer.metres < 0.0).any():
            raise IllegalAnswer(f"purchase {self.serial}: metres must be 0 or more an article")

    def row(self, answer: PurchaseAnswer) -> AnswerRow:
        return structured_row(self, answer)

    def answer_from(self, row: AnswerRow) -> PurchaseAnswer:
        return PurchaseAnswer(**row.values)


PLUG = PurchaseChoice
