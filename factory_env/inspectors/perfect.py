"""An inspector who misses nothing: the upper bound."""

from __future__ import annotations

from typing import ClassVar

from factory_env.domain.ports import Bools, Pieces


class Perfect:
    """Flags every defective piece and no other."""

    uses_camera: ClassVar[bool] = False
    manual_share: ClassVar[float] = 0.0  # of the check minutes of a piece

    def judge(self, pieces: Pieces) -> Bools:
        return pieces.defect > 0


PLUG = Perfect
