"""Nobody at the gate: every piece goes to the bench. What a camera has to beat."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from factory_env.domain.ports import Bools, Floats, Pieces
from factory_env.library import load_library


class BenchOnly:
    """Flags everything and marks nothing."""

    uses_camera: ClassVar[bool] = False
    manual_share: ClassVar[float] = 0.0  # of the check minutes of a piece

    def judge(self, pieces: Pieces) -> Bools:
        return np.ones(pieces.defect.shape[0], dtype=np.bool_)

    def marked(self, style: int, day: float, strictness: float) -> Floats:
        """None of the flags means a defect; see `Marking`."""
        return np.zeros(len(load_library().defects))

    def looked_for(self) -> Bools:
        """Nobody has looked for anything."""
        return np.zeros(len(load_library().defects), dtype=np.bool_)


PLUG = BenchOnly
