"""What a run's summary says beside its KPIs."""

from __future__ import annotations

from typing import Any

from experiments.report.bill import energy_figures
from experiments.report.collection import collection_figures
from experiments.report.finished_run import FinishedRun
from experiments.report.inspection_chart import chart_figures
from experiments.report.station_bands import has_station


def further_figures(run: FinishedRun) -> dict[str, Any]:
    """Of the site, of the inspection station and of the season's collection, if it has them."""
    chart = chart_figures(run.log) if has_station(run.log) else {}
    return {**energy_figures(run), **chart, **collection_figures(run.log)}
