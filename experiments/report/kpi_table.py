"""The KPIs and the cost table of one run, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group
from rich.table import Table

from factory_env.domain.records import RunLog
from factory_env.kpi.cost import TABLE, cost_table, table_total
from factory_env.kpi.quality import quality_intervals
from factory_env.kpi.table import LABELS
from factory_env.kpi.washing import WASHING_LABELS

ALWAYS_LISTED = ("labour", "overhead", "changeover", "learning", "overtime", "lateness", "holding")


def kpi_table(
    found: Mapping[str, float],
    title: str,
    intervals: Mapping[str, tuple[float, float]] | None = None,
) -> Table:
    """All KPIs with label, value, unit and, if there are ``intervals``, how sure they are."""
    table = Table(title=title, title_justify="left")
    table.add_column("KPI")
    table.add_column("value", justify="right")
    table.add_column("unit")
    if intervals:
        table.add_column("95 % interval")
    for key, value in found.items():
        label, unit, _ = (LABELS | WASHING_LABELS).get(key, (key, "", 0))
        cells = [label, _shown(value, unit), "" if unit == "share" else unit]
        if intervals:
            ends = intervals.get(key, ())
            cells.append(" to ".join(_shown(end, unit, finer=1) for end in ends))
        table.add_row(*cells)
    return table


def _shown(value: float, unit: str, finer: int = 0) -> str:
    if unit == "share":
        return f"{value:.{1 + finer}%}"
    return f"{value:,.{0 if abs(value) >= 100 else 1 + finer}f}"


def run_tables(log: RunLog, found: Mapping[str, float], title: str) -> Group:
    """All KPIs, then the whole cost table with the mark of each rate.

    With the inspection station on, the KPIs of quality have intervals.
    """
    intervals = quality_intervals(log) if log.facts.get("has_station") else None
    return Group(kpi_table(found, title, intervals), cost_lines(log))


def cost_lines(log: RunLog) -> Table:
    """Wages, overhead and every other cost of the run; what is within the wages is indented."""
    found = cost_table(log)
    table = Table(title=f"Cost of the run: {table_total(found):,.0f} USD", title_justify="left")
    for name in ("cost", "USD", "where the rate comes from"):
        table.add_column(name, justify="right" if name == "USD" else "left")
    for name, usd in found.items():
        label, mark, _ = TABLE[name]
        if usd or name in ALWAYS_LISTED:
            table.add_row(label, f"{usd:,.0f}", mark)
    return table
