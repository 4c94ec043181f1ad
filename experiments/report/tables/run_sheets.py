"""All tables of a run, in the order in which somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from experiments.report.finished_run import FinishedRun
from experiments.report.tables.clock import Clock
from experiments.report.tables.figures import bill_sheet, cost_sheet, kpi_sheet
from experiments.report.tables.lines import line_sheet
from experiments.report.tables.orders import LateOrder, late_sheet, order_sheet
from experiments.report.tables.sheet import Column, Sheet

NOTES: Final = (Column("what was taken for granted"),)


def list_sheets(
    run: FinishedRun,
    kpis: Mapping[str, float],
    late: Sequence[LateOrder],
    clock: Clock,
    notes: Sequence[str] = (),
) -> list[Sheet]:
    """Late orders first; the energy bill where there is a site; last what was taken for granted."""
    sheets = [
        late_sheet(late, clock),
        order_sheet(run.log, clock),
        line_sheet(run.log),
        kpi_sheet(run, kpis),
        cost_sheet(run.log),
        bill_sheet(run),
        Sheet(name="Notes", columns=NOTES, rows=[(note,) for note in notes]) if notes else None,
    ]
    return [sheet for sheet in sheets if sheet is not None]
