"""What a run's summary says beside its KPIs."""

from __future__ import annotations

from typing import Any

from experiments.report.finished_run import FinishedRun


def further_figures(run: FinishedRun) -> dict[str, Any]:
    """Of the site, of the inspection station and of the season's collection, if it has them.

    What draws their pictures is brought only where there is one: it takes half a second.
    """
    figures: dict[str, Any] = {}
    if run.energy is not None:
        from experiments.report.bill import energy_figures

        figures |= energy_figures(run)
    if run.log.facts.get("has_station", 0.0) > 0.0:
        from experiments.report.inspection_chart import chart_figures

        figures |= chart_figures(run.log)
    if len(run.log.tables["designs"]["style"]):
        from experiments.report.collection import collection_figures

        figures |= collection_figures(run.log)
    return figures
