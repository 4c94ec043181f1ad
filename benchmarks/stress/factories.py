"""Random factories with everything on: plant, calendar, flow, disruptions, energy, deciders."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.rules.random import Random
from agents.team import Team
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.scenario import Scenario
from factory_env.domain.site import BOILER_HOLD, BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.presets import Parts, assemble, read_group, read_source

Plain = dict[str, Any]
LOTS = (1, 2, 5, 10, 20, 33, 50, 100, 200)
BUNDLES = (1, 3, 10, 20, 50)
BREAKS = ([], [[720, 780]], [[600, 615], [720, 750], [740, 760]], [[960, 1020]], [[480, 500]])
DAYS_OFF = ([6], [5, 6], [], [0, 3, 6], [6, 6])


class WildSite:
    """Runs the site at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """Any answer that a site may get."""
        rng = self._rng
        return EnergyAnswer(
            battery_kw=float(rng.uniform(-300.0, 300.0)),
            set_point_c=float(rng.choice([24.0, 28.0, 34.0, COOLING_OFF_C])),
            boiler_mode=int(rng.choice([BOILER_OFF, BOILER_HOLD, BOILER_ON])),
            lines_allowed=int(rng.integers(1, choice.lines + 1)),
            standby=bool(rng.integers(2)),
        )


def random_scenario(seed: int) -> Scenario:
    """A short run of a small factory, every part of it drawn from ``seed``."""
    rng = np.random.default_rng(seed)
    parts: Plain = {
        "scenario": _scenario(rng),
        "plant": _plant(rng),
        "disruptions": _disruptions(rng),
        "market": read_group("demand", _one(rng, ("default", "drawn"))),
    }
    if rng.random() < 0.6:
        parts["inspection"] = read_group(
            "inspector", _one(rng, ("human", "none", "perfect", "bench_only", "human_twice"))
        )
        parts["inspection"]["lever"] = _one(rng, ("house", "agent"))
    if rng.random() < 0.6:
        parts["site"] = read_source("site", _one(rng, ("grid_only", "pv", "pv_battery")))
        parts["tariff"] = read_source("tariff", _one(rng, ("bd_industry", "us_demand", "in_tod")))
        parts["control"] = {
            "mode": _one(rng, ("always_on", "agent")),
            "decision_slots": _one(rng, (1, 2, 8)),
            "carbon_usd_per_kg": _one(rng, (0.0, 0.1)),
        }
    return assemble(Parts(**parts), f"random factory {seed}")[0]


def random_team(seed: int) -> Team:
    """Who decides in it."""
    rng = np.random.default_rng([seed, 1])
    lines = (Edd(), AtcsMatch(), Random(seed=seed))[int(rng.integers(3))]
    return Team(lines=lines, site=WildSite(rng))


def _one(rng: np.random.Generator, values: Any) -> Any:
    return values[int(rng.integers(len(values)))]


def _scenario(rng: np.random.Generator) -> Plain:
    scenario = read_group("scenario", _one(rng, ("default", "real", "real")))
    scenario.pop("asks", None)
    days = int(rng.integers(3, 11))
    scenario |= {"horizon_days": days, "people": "scenario"}
    parts: Plain = _ways(rng) | {
        "demand": {
            "days": max(1, days - int(rng.integers(3))),
            "load": float(rng.uniform(0.3, 2.0)),
            "size_median": float(_one(rng, (100, 1000, 3000))),
            "size_min": int(_one(rng, (1, 50, 600))),
            "max_line_days": float(_one(rng, (0.5, 3.0, 6.0))),
            "colours": _one(rng, ([1, 1], [1, 4], [2, 6])),
            "colour_min": int(_one(rng, (1, 300))),
        },
        "calendar": {
            "breaks": _one(rng, BREAKS),
            "days_off": _one(rng, DAYS_OFF),
            "overtime_min": float(_one(rng, (0, 0, 60))),
        },
        "flow": {
            "lot_pieces": int(_one(rng, LOTS)),
            "bundle_pieces": int(_one(rng, BUNDLES)),
            "cutting_rule": _one(rng, ("edd", "fifo", "agent")),
            "split_days": float(_one(rng, (0, 0.5, 3))),
            "wip_limit_days": float(_one(rng, (0, 0.5, 3))),
            "gate_limit_lots": int(_one(rng, (0, 1, 12))),
            "pace_slack": float(_one(rng, (0, 1, 1.2))),
        },
    }
    return {**scenario, **{name: {**scenario[name], **part} for name, part in parts.items()}}


def _ways(rng: np.random.Generator) -> Plain:
    """People, evenings, lays, audits and prices."""
    return {
        "overtime": {
            "mode": _one(rng, ("off", "plan", "rule", "agent")),
            "ask_before_end_min": float(_one(rng, (0, 60, 300))),
        },
        "absence": {"mean": float(_one(rng, (0.0, 0.07, 0.4))), "correlation": _one(rng, (0, 0.3))},
        "skills": {"enabled": bool(rng.integers(2))},
        "turnover": {"enabled": bool(rng.integers(2)), "share_per_month": 0.5},
        "rebalance": {"mode": _one(rng, ("even", "keep", "shift"))},
        "cutting": {"lays": bool(rng.integers(2)), "lead_min": float(_one(rng, (0, 60)))},
        "audit": {"enabled": bool(rng.integers(2))},
        "costs": {
            "air_usd_per_kg": float(_one(rng, (0, 0.5, 4))),
            "cancel_share": 0.6,
            "seconds_loss_share": 0.7,
            "recheck_usd_per_min": 0.012,
        },
    }


def _plant(rng: np.random.Generator) -> Plain:
    plant = read_group("plant", "small")
    lines = [
        {
            **line,
            "operators": int(rng.integers(8, 50)),
            "inspectors": int(rng.integers(1, 4)),
            "repairers": int(rng.integers(1, 4)),
        }
        for line in plant["lines"]
    ]
    rooms = {name: int(rng.integers(1, 7)) for name in plant["rooms"]}
    return {**plant, "lines": lines, "rooms": rooms}


def _disruptions(rng: np.random.Generator) -> Plain:
    content = read_group("disruptions", _one(rng, ("calm", "rough", "rough")))
    share = float(rng.uniform(0.0, 0.4))
    parts: Plain = {
        "changes": {"share": share, "cancel_share": float(rng.uniform(0.0, 0.6))},
        "outages": {"per_day": float(_one(rng, (0, 1, 4)))},
        "rush": {"per_week": float(_one(rng, (0, 5)))},
        "fabric": {"share": float(rng.uniform(0.0, 0.6))},
    }
    return {**content, **{name: {**content[name], **part} for name, part in parts.items()}}
