"""How good are the pieces, and how sure is that?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from factory_env.domain.records import RunLog

Z_95: Final = 1.959963984540054  # 97.5 % quantile of the normal distribution
# share -> (of what, in what): keys of `_counts`
SHARES: Final[dict[str, tuple[str, str]]] = {
    "dhu": ("caught", "sewn"),
    "rft_share": ("passed", "sewn"),
    "repair_share": ("repaired", "sewn"),
    "false_reject_share": ("false_alarms", "sound"),
    "seconds_share": ("seconds", "sewn"),
    "escape_rate": ("escapes", "shipped"),
    "return_share": ("returns", "shipped"),
}
PER: Final = {"dhu": 100.0}  # the others are shares of one


def quality(log: RunLog) -> dict[str, float]:
    """Defective share, right first time, repairs, escapes, returns, seconds, audits.

    ``escape_share`` is of all pieces sewn; ``escape_rate`` of those shipped. DHU (defects per
    hundred units) counts the defective pieces that the first inspection has found.
    """
    orders = log.tables["orders"]
    count = _counts(log)
    audits = float(orders["audits"].sum())
    counts = {
        name: PER.get(name, 1.0) * count[part] / max(1.0, count[whole])
        for name, (part, whole) in SHARES.items()
    }
    pieces = max(1.0, count["sewn"])
    return {
        **counts,
        "rft_share": 1.0 - (count["caught"] + count["false_alarms"]) / pieces,
        "defective_share": count["defective"] / pieces,
        "escape_share": count["all_escapes"] / pieces,
        "repairs": count["repairs"],
        "pieces_packed": float(log.tables["lots"]["pieces"].sum()),
        "audits": audits,
        "audit_fail_share": float(orders["rejections"].sum()) / max(1.0, audits),
    }


def quality_intervals(log: RunLog) -> dict[str, tuple[float, float]]:
    """95 % intervals (Wilson) of the shares of `SHARES`, over the pieces of one run.

    Pieces are taken for independent; those of one order share line, style and people, so between
    runs the shares spread more than this.
    """
    count = _counts(log)
    return {
        name: _times(PER.get(name, 1.0), wilson(count[part], count[whole]))
        for name, (part, whole) in SHARES.items()
    }


def wilson(count: float, of: float, z: float = Z_95) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927); (0, 1) if there is nothing to count."""
    if of <= 0.0:
        return 0.0, 1.0
    share, weight = count / of, z * z / of
    middle = (share + weight / 2.0) / (1.0 + weight)
    half = math.sqrt(max(0.0, share * (1.0 - share) * weight + weight * weight / 4.0))
    half /= 1.0 + weight
    return max(0.0, middle - half), min(1.0, middle + half)


def _times(factor: float, interval: tuple[float, float]) -> tuple[float, float]:
    return factor * interval[0], factor * interval[1]


def _counts(log: RunLog) -> Mapping[str, float]:
    """Pieces of orders that have been sewn, and of those that were shipped, by fate."""
    orders = log.tables["orders"]
    done = ~np.isnan(orders["sewn_min"])
    shipped = ~np.isnan(orders["shipped_min"])
    escapes = orders["defective"] - orders["caught"] + orders["let_go"] - orders["recheck_found"]

    def total(name: str) -> float:
        return float(orders[name][done].sum())

    sewn = float((orders["cut"] - orders["scrapped"])[done].sum())
    names = ("defective", "caught", "false_alarms", "repaired", "repairs", "seconds")
    return {
        **{name: total(name) for name in names},
        "sewn": sewn,
        "passed": sewn - total("caught") - total("false_alarms"),
        "sound": sewn - total("defective"),
        "all_escapes": float(escapes[done].sum()),
        "escapes": float(escapes[shipped].sum()),
        "returns": float(orders["returns"][shipped].sum()),
        "shipped": float(orders["good"][shipped].sum()),
    }
