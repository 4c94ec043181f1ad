"""How good are the pieces?"""

from __future__ import annotations

from factory_env.domain.records import RunLog


def quality(log: RunLog) -> dict[str, float]:
    """Defective share, right first time, escapes and seconds, of all pieces sewn."""
    orders = log.tables["orders"]
    sewn = float(log.tables["lots"]["pieces"].sum())
    done = orders["sewn_min"] == orders["sewn_min"]  # not NaN
    pieces = max(1.0, float((orders["cut"] - orders["scrapped"])[done].sum()))
    defective = float(orders["defective"][done].sum())
    found = float((orders["caught"] + orders["recheck_found"])[done].sum())
    flagged = float((orders["caught"] + orders["false_alarms"])[done].sum())
    return {
        "defective_share": defective / pieces,
        "rft_share": 1.0 - flagged / pieces,
        "escape_share": (defective - found) / pieces,
        "seconds_share": float(orders["seconds"][done].sum()) / pieces,
        "pieces_packed": sewn,
        "audits": float(orders["audits"].sum()),
        "audit_fail_share": float(orders["rejections"].sum()) / max(1.0, orders["audits"].sum()),
    }
