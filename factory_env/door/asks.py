"""Whom the house asks: one key ``asks`` in place of a word in four parts of the config.

``scenario.asks: [lines, evening, inspection, cutting, site]`` names the questions that a policy is
asked; the house answers the others. The lines are always asked.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

from factory_env.errors import InputError, wrong

KEY: Final = "asks"
ALWAYS: Final = "lines"
AGENT: Final = "agent"
# question -> part of the config, and the key in it that says ``agent``
SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "evening": ("scenario", "overtime", "mode"),
    "inspection": ("inspection", "lever"),
    "cutting": ("scenario", "flow", "cutting_rule"),
    "site": ("control", "mode"),
}

Plain = Mapping[str, Any]


def with_asks(parts: Mapping[str, Plain | None], where: str) -> dict[str, Plain | None]:
    """Parts of a config whose ``scenario.asks`` has been put where each question has its switch.

    A switch that is ``agent`` already stays so: the older keys go on to work.

    Raises
    ------
    InputError
        If ``asks`` is no list of questions, or names the site where there is none.
    """
    scenario = dict(parts["scenario"] or {})
    asks = scenario.pop(KEY, (ALWAYS,))
    whole: dict[str, Plain | None] = {**parts, "scenario": scenario}
    _check(asks, where, has_site=parts.get("site") is not None or parts.get("tariff") is not None)
    for question in asks:
        if question != ALWAYS:
            part, *keys = SWITCHES[question]
            whole[part] = _switched(whole.get(part) or {}, keys)
    return whole


def _check(asks: Any, where: str, *, has_site: bool) -> None:
    """Raise `InputError` unless all of ``asks`` can be asked here."""
    known = (ALWAYS, *SWITCHES)
    at = f"{where} scenario"
    if isinstance(asks, str) or not isinstance(asks, list | tuple):
        raise InputError.of(at, KEY, "must be a list", repr(asks), f"asks: [{', '.join(known)}]")
    problems = []
    for word in asks:
        near = difflib.get_close_matches(str(word), known, n=1)
        if word not in known:
            hint = f"did you mean {near[0]}? " if near else ""
            right = f"{hint}one of {', '.join(known)}"
            problems.append(wrong(at, KEY, "must be a question of the house", repr(word), right))
        elif word == "site" and not has_site:
            right = "site=pv_battery, tariff=us_demand, or both"
            problems.append(wrong(at, KEY, "site needs a site to run", repr(word), right))
    if problems:
        raise InputError(problems)


def _switched(part: Plain, keys: list[str]) -> Plain:
    """A part with one key set to ``agent``."""
    first, *rest = keys
    if not rest:
        return {**part, first: AGENT}
    inner = part.get(first)
    return {**part, first: _switched(inner if isinstance(inner, Mapping) else {}, rest)}
