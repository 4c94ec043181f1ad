"""Linear SARSA: SARSA with weights of bins in place of a table (Sutton & Barto 2018, ch. 10)."""

from __future__ import annotations

from typing import ClassVar

from agents.tabular.backup import Next


class LinearSarsa:
    """Semi-gradient SARSA on one tiling a quantity."""

    is_linear: ClassVar[bool] = True

    @staticmethod
    def worth(ahead: Next) -> float:
        return float(ahead.values[ahead.taken])


PLUG = LinearSarsa
