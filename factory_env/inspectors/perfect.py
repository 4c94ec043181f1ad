"""An inspector who misses nothing: the upper bound."""

from __future__ import annotations

from factory_env.domain.ports import Bools, Codes, Floats


class Perfect:
    """Flags every defective piece and no other."""

    def judge(self, defect: Codes, shift_hour: Floats, luck: Floats) -> Bools:
        return defect > 0


PLUG = Perfect
