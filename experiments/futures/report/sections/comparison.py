"""The base beside each variant: the figures that a planner asks for first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.futures.report.asked import say_asked
from experiments.futures.report.facts import Facts
from experiments.futures.report.look import TimeAxis
from experiments.futures.report.section import Cell, Grid, Section, turn_grid
from experiments.futures.report.words import ABOUT, DOWN, UP, compare_cell, mean_known, say_number
from factory_env.kpi.energy import ENERGY_LABELS
from factory_env.kpi.table import LABELS

MOST_COLUMNS: Final = 5  # variants beside the base; more are rows
MOST_ASKED: Final = 12
KEYS: Final = (
    "on_time_share",
    "mean_tardiness_days",
    "throughput_days",
    "wip_pieces",
    "pieces_per_day",
    "shipped_orders",
    "cancelled_orders",
    "air_orders",
    "line_efficiency",
    "changeover_h",
    "overtime_h",
    "rft_share",
    "return_share",
    "energy_total_usd",
    "kwh",
    "peak_kw",
    "unserved_kwh",
    "co2_kg",
)


def compare_variants(facts: Facts) -> Section:
    """A row a figure, a column a variant; of many variants a row each, and fewer figures."""
    keys = [key for key in KEYS if _is_there(facts, key)]
    is_long = len(facts.variants) > MOST_COLUMNS
    if is_long:
        keys = keys[: MOST_COLUMNS - 1]
    rows = [_money_row(facts), *(_row(facts, key) for key in keys)]
    grid = Grid(heads=("", facts.base, *facts.variants), rows=rows)
    time = TimeAxis(facts.clock)
    asked = [say_asked(v, facts.question.base, time) for v in facts.question.variants]
    return Section(
        key="comparison",
        title="Base beside each variant",
        lead=(
            "Means over the runs; under each variant how much more "
            f"({UP}) or less ({DOWN}) than the base under the same luck, with its 95 % interval. "
            f"Blue is better, orange is worse, {ABOUT} means that these runs cannot tell."
        ),
        parts=(turn_grid(grid) if is_long else grid,),
        notes=asked[:MOST_ASKED],
    )


def label_kpi(key: str) -> tuple[str, str, int]:
    """Words, unit, and +1 if more is better."""
    if key in LABELS:
        return LABELS[key]
    label, unit = ENERGY_LABELS.get(key, (key.replace("_", " "), ""))
    return label, unit, -1


def _is_there(facts: Facts, key: str) -> bool:
    values = np.concatenate([facts.kpi(n, key) for n in (facts.base, *facts.variants)])
    return bool(np.any(np.nan_to_num(values) != 0.0))


def _money_row(facts: Facts) -> Sequence[Cell]:
    cells = [Cell("total cost"), Cell(say_number(float(facts.money(facts.base).mean()), "USD"))]
    for name in facts.variants:
        mean = float(facts.money(name).mean())
        cells.append(compare_cell(mean, facts.money_difference(name), "USD", -1))
    return cells


def _row(facts: Facts, key: str) -> Sequence[Cell]:
    label, unit, better = label_kpi(key)
    cells = [Cell(label), Cell(say_number(_mean(facts, facts.base, key), unit))]
    for name in facts.variants:
        change = facts.kpi_difference(name, key)
        cells.append(compare_cell(_mean(facts, name, key), change, unit, better))
    return cells


def _mean(facts: Facts, name: str, key: str) -> float:
    return mean_known(facts.kpi(name, key).tolist())
