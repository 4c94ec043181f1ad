"""Where did the operators' minutes go? Shares add up to 1."""

from __future__ import annotations

from typing import Final

from factory_env.domain.records import RunLog

STATES: Final = (
    "work",
    "setup",
    "learning",
    "starved",
    "blocked",
    "down",
    "absent",
    "off",
)


def states(log: RunLog) -> dict[str, float]:
    """Share of the minutes on duty in each state but ``off``; the seven add up to 1."""
    table = log.tables["states"]
    minutes = {name: float(table[f"{name}_min"].sum()) for name in STATES if name != "off"}
    duty = max(sum(minutes.values()), 1e-9)
    return {f"{name}_time_share": value / duty for name, value in minutes.items()}
