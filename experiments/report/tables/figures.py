"""KPIs, cost and energy bill as tables, each with its unit and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from experiments.report.finished_run import FinishedRun
from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.records import RunLog
from factory_env.kpi.cost import TABLE, WAGES_WITHIN, cost_table, table_total
from factory_env.kpi.energy import ENERGY_LABELS, bill_lines, energy_kpis
from factory_env.kpi.table import LABELS
from factory_env.kpi.washing import WASHING_LABELS

KPI_COLUMNS: Final = (Column("KPI"), Column("value", "number"), Column("unit"), Column("key"))
COST_COLUMNS: Final = (
    Column("cost"),
    Column("amount", "money", "USD"),
    Column("within the wages"),
    Column("where the rate comes from"),
)
BILL_COLUMNS: Final = (Column("part of the bill"), Column("measured"), Column("USD", "money"))


def kpi_sheet(run: FinishedRun, kpis: Mapping[str, float]) -> Sheet:
    """All KPIs of the run, of its site too if it has one."""
    labels = {key: label[:2] for key, label in (LABELS | WASHING_LABELS).items()}
    figures = dict(kpis)
    if run.energy is not None:
        labels, figures = labels | ENERGY_LABELS, figures | energy_kpis(run.log)
    rows = [(*_name_figure(labels, key, value), key) for key, value in figures.items()]
    return Sheet(name="KPIs", columns=KPI_COLUMNS, rows=rows)


def _name_figure(
    labels: Mapping[str, tuple[str, str]], key: str, value: float
) -> tuple[str, float, str]:
    label, unit = labels.get(key, (key, ""))
    return (label, 100.0 * value, "%") if unit == "share" else (label, value, unit)


def cost_sheet(log: RunLog) -> Sheet:
    """Every part of the run's cost, and all together."""
    parts = cost_table(log)
    rows = [
        (TABLE[name][0], usd, "yes" if name in WAGES_WITHIN else "", TABLE[name][1])
        for name, usd in parts.items()
    ]
    rows.append(("in all", table_total(parts), "", ""))
    return Sheet(name="Cost", columns=COST_COLUMNS, rows=rows)


def bill_sheet(run: FinishedRun) -> Sheet | None:
    """The energy bill; None without a site."""
    if run.energy is None:
        return None
    from experiments.report.bill import label, measured

    days = run.calendar.calendar_days(run.scenario.horizon_days)
    lines = bill_lines(run.log, run.energy, days)
    rows = [(label(line), measured(line), line.usd) for line in lines]
    return Sheet(name="Energy bill", columns=BILL_COLUMNS, rows=rows)
