"""What a design would do to the factory: minutes, cost, lines, changeovers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.orders.demand import planned_days
from factory_env.sim.plant.tables import PlantTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """Estimates for an order of one design, in the planner's own terms."""

    smv_min: float  # per piece
    operations: int
    labour_usd: float  # per piece: sewing at planned attendance, a change, learning, the rooms
    fabric_usd: float  # per piece, extra cut included
    lines: dict[str, float]  # line -> settled pieces a day, best first; empty = nobody can sew it
    setup_min: float  # mean change from the season's styles of the product
    kept: float  # learned share kept at such a change
    defect_share: float  # of settled pieces, on the best line

    @property
    def cost_usd(self) -> float:
        """Labour and fabric of a piece."""
        return self.labour_usd + self.fabric_usd

    @property
    def suitability(self) -> float:
        """Share of the plant's lines of the fabric that reach 80 % of the best one's output."""
        best = max(self.lines.values(), default=0.0)
        return sum(v >= 0.8 * best for v in self.lines.values()) / max(len(self.lines), 1)


def reckoned(
    scenario: Scenario,
    season: Sequence[Style],
    designs: Sequence[Style],
    *,
    pieces: int,
    fabric_usd_per_kg: float,
) -> list[Reckoning]:
    """One reckoning a design; the season's styles are what the lines sew otherwise."""
    tables = PlantTables(scenario, [*season, *designs])
    same = scenario.changeover.same_product
    found = []
    for number, style in enumerate(designs):
        k = len(season) + number
        name = style.product.name
        others = [i for i, s in enumerate(season) if s.product.name == name]
        pairs = tables.kind_of[others], tables.kind_of[k]
        factors = tables.setup_factor[pairs] if others else np.ones(1)
        kept = tables.kept_factor[pairs] if others else np.ones(1)
        lines = _lines(scenario, tables, k)
        best = int(np.argmin(tables.piece_min[:, k])) if lines else -1
        fabric = style.product.weight_kg * (1.0 + scenario.flow.extra_cut) * fabric_usd_per_kg
        found.append(
            Reckoning(
                smv_min=style.smv_min,
                operations=len(style.product.operations),
                labour_usd=_labour(scenario, tables, k, best, pieces) if lines else np.nan,
                fabric_usd=fabric,
                lines=lines,
                setup_min=float(same.setup_min * factors.mean()),
                kept=float(min(1.0, same.kept * kept.mean())),
                defect_share=float(tables.defect_probability[best, k]) if lines else np.nan,
            )
        )
    return found


def _lines(scenario: Scenario, tables: PlantTables, k: int) -> dict[str, float]:
    """Settled pieces a day of each line that can sew the style, best first."""
    day = scenario.calendar.shift_min * scenario.flow.planned_attendance
    found = {
        line.name: float(day / tables.piece_min[i, k])
        for i, line in enumerate(scenario.plant.lines)
        if tables.capable[i, k]
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _labour(scenario: Scenario, tables: PlantTables, k: int, best: int, pieces: int) -> float:
    """Wages of an order a piece: the best line's people while it sews it, and the rooms."""
    days = float(planned_days(tables, k, np.array([float(pieces)]))[0])
    line_min = days * scenario.calendar.shift_min * float(tables.operators[best])
    product = tables.styles[k].product
    rooms = product.cutting_min + product.fusing_min + product.inspect_min
    rooms += product.clean_min + product.press_min + product.pack_min
    return scenario.costs.labour_usd_per_min * (line_min / pieces + rooms)
