"""The KPIs and the cost table of one run, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group
from rich.table import Table

from factory_env.domain.records import RunLog
from factory_env.kpi.cost import TABLE, cost_table, table_total
from factory_env.kpi.table import LABELS

ALWAYS_LISTED = ("labour", "overhead", "changeover", "learning", "overtime", "lateness", "holding")


def kpi_table(found: Mapping[str, float], title: str) -> Table:
    """All KPIs with label, value and unit."""
    table = Table(title=title, title_justify="left")
    table.add_column("KPI")
    table.add_column("value", justify="right")
    table.add_column("unit")
    for key, value in found.items():
        label, unit, _ = LABELS.get(key, (key, "", 0))
        shown = f"{value:.1%}" if unit == "share" else f"{value:,.{0 if abs(value) >= 100 else 1}f}"
        table.add_row(label, shown, "" if unit == "share" else unit)
    return table


def run_tables(log: RunLog, found: Mapping[str, float], title: str) -> Group:
    """All KPIs, then the whole cost table with the mark of each rate."""
    return Group(kpi_table(found, title), cost_lines(log))


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
