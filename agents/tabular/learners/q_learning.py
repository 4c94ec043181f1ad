"""Q-learning: the next question is worth its best action (Watkins & Dayan 1992)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from agents.tabular.backup import Next


class QLearning:
    """Learns what the best policy is worth while it plays another."""

    is_linear: ClassVar[bool] = False

    @staticmethod
    def worth(ahead: Next) -> float:
        return float(np.where(ahead.is_open, ahead.values, -np.inf).max())


PLUG = QLearning
