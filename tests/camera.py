"""An inspector with a threshold, for tests of the lever: cheap, and its rates are known."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.ports import Bools, Floats, Pieces
from factory_env.inspectors import human


class Camera:
    """Suspicion ``luck ** 0.5`` of a defective piece and ``luck ** 8`` of a sound one.

    Flagged is what lies above ``1 / (1 + strictness)``.
    """

    has_threshold = True
    uses_camera = False  # it takes the time of a person

    def judge(self, pieces: Pieces) -> Bools:
        suspicion = pieces.luck ** np.where(pieces.defect > 0, 0.5, 8.0)
        return np.asarray(suspicion > 1.0 / (1.0 + pieces.strictness))

    def expected(
        self, style: int, day: float, defective_share: float, strictness: Floats
    ) -> tuple[Floats, Floats]:
        limit = 1.0 / (1.0 + strictness)
        escaped = defective_share * limit**2
        alarms = (1.0 - defective_share) * (1.0 - limit**0.125)
        return defective_share - escaped + alarms, escaped


def with_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every factory built from now on has this inspector where the scenario names a person."""
    monkeypatch.setattr(human, "PLUG", Camera)
