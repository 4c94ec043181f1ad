"""The door for a file of conf/inspector: thresholds as a person writes them, kind by kind."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

from factory_env.errors import Problem, wrong
from factory_env.learned.inspection.defects import UNSEEN
from factory_env.learned.inspection.verdict_bank import SEEN

AUTO: Final = "auto"


def with_station(inspection: Mapping[str, Any]) -> Mapping[str, Any]:
    """``inspection`` with the station on if an inspector is named and nothing is said of it: a
    person's own file need not say it, as the shipped ones do."""
    station = inspection.get("station", {})
    if inspection.get("name") is None or not isinstance(station, Mapping) or "enabled" in station:
        return inspection
    return {**inspection, "station": {"enabled": True, **station}}


def with_thresholds(
    inspection: Mapping[str, Any], where: str, problems: list[Problem]
) -> Mapping[str, Any]:
    """``inspection`` with its thresholds as pairs of kind and number, what is wrong left out.

    ``auto`` leaves all kinds to the cost-optimal rule, one number holds for all seven that a
    camera sees, and a mapping names kinds; those it does not name are left to the rule.
    """
    if "threshold" not in inspection:
        return inspection
    given = inspection["threshold"]
    if given is None or given == AUTO:
        named: Mapping[str, Any] = {}
    elif isinstance(given, Mapping):
        named = {str(k): v for k, v in given.items() if v is not None and v != AUTO}
    else:
        named = dict.fromkeys(SEEN, given) if _is_share(given) else {}
        if not named:
            problems.append(_wrong(where, "", given))
    pairs = []
    for kind, value in named.items():
        found = _problem(kind, value, where)
        if found is None:
            pairs.append([kind, float(value)])
        else:
            problems.append(found)
    return {**inspection, "threshold": pairs}


def _problem(kind: str, value: Any, where: str) -> Problem | None:
    field = f"inspection.threshold.{kind}"
    if kind in UNSEEN:
        return wrong(
            where,
            field,
            "a camera of 25 mm a pixel cannot see this kind: a person looks for it",
            repr(value),
            f"kinds with a threshold: {', '.join(SEEN)}",
        )
    if kind not in SEEN:
        near = difflib.get_close_matches(kind, SEEN, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return wrong(
            where,
            field,
            "must be a kind of defect that a camera sees",
            repr(kind),
            f"{hint}known: {', '.join(SEEN)}",
        )
    return None if _is_share(value) else _wrong(where, f".{kind}", value)


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0.0 <= value <= 1.0


def _wrong(where: str, kind: str, value: Any) -> Problem:
    return wrong(
        where,
        f"inspection.threshold{kind}",
        "must be auto or a probability from 0 to 1",
        repr(value),
        "e.g. auto, or 0.3, or {stain: 0.2, hole: 0.4}",
    )
