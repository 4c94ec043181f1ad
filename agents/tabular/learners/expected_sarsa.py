"""Expected SARSA: the mean over what may be taken at the next question (van Seijen et al. 2009)."""

from __future__ import annotations

from typing import ClassVar

from agents.tabular.backup import Next


class ExpectedSarsa:
    """SARSA without the luck of the next exploring step."""

    is_linear: ClassVar[bool] = False

    @staticmethod
    def worth(ahead: Next) -> float:
        return float(ahead.chances @ ahead.values)


PLUG = ExpectedSarsa
