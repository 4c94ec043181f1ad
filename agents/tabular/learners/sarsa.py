"""SARSA: the next question is worth the action that is taken there (Rummery & Niranjan 1994)."""

from __future__ import annotations

from typing import ClassVar

from agents.tabular.backup import Next


class Sarsa:
    """Learns what the policy that it plays is worth, exploration included."""

    is_linear: ClassVar[bool] = False

    @staticmethod
    def worth(ahead: Next) -> float:
        return float(ahead.values[ahead.taken])


PLUG = Sarsa
