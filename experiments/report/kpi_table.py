"""The KPI table of one run, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from factory_env.kpi.table import LABELS


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
