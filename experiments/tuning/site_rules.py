"""Tunes a rule for the site: every point of its grid runs the recorded work again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents import energy
from experiments.tuning.recording import Recording
from experiments.tuning.replay import replay
from experiments.tuning.search import GridSearch, Point, default_point
from factory_env import Scenario
from factory_env.catalogue import load_plug

SLOW: Final = "mpc"  # tuned on fewer seeds than the others


def tune_plug(
    name: str, scenario: Scenario, recordings: Sequence[Recording], sweeps: int
) -> tuple[Point, float]:
    """Best parameters by coordinate descent from the defaults, and their mean goal [USD]."""
    plug = load_plug(energy, name)

    def goals(points: Sequence[Point], title: str) -> list[float]:
        del title
        paid = [[replay(r, scenario, plug(**p)).goal_usd for r in recordings] for p in points]
        return [sum(usd) / len(usd) for usd in paid]

    search = GridSearch(name, plug.GRID, goals)
    best = search.descend(default_point(plug), sweeps, tell=print)
    return best, search.cost(best)
