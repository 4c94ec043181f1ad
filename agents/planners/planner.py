"""``agent=planner``: simulated annealing of plans."""

from __future__ import annotations

from agents.planning.planner import Planner

PLUG = Planner
