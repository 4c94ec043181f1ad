"""What a run with an inspection station leaves for its reader: page, chart and figures."""

from __future__ import annotations

from matplotlib.image import imread

from agents.rules.atcs_match import AtcsMatch
from experiments.report.inspection_chart import chart_figures
from experiments.report.inspection_flow import draw_inspection, fates
from experiments.report.kpi_table import kpi_table
from factory_env import load_scenario, simulate
from factory_env.kpi.quality import quality_intervals
from factory_env.kpi.table import kpis


def test_drift_shows_on_the_page_of_a_run(tmp_path) -> None:
    calm, drifted = (
        simulate(load_scenario("small", inspector="cnn", overrides=drift), AtcsMatch(), 0)
        for drift in ({}, {"inspection.drift.kind": "lighting", "inspection.drift.from_day": 20.0})
    )
    before, after = chart_figures(calm), chart_figures(drifted)
    assert before["inspection_days"] == after["inspection_days"]
    assert before["inspection_days_out"] <= 0.1 * before["inspection_days"]
    assert after["inspection_days_out"] > 0.4 * after["inspection_days"]
    found = fates(drifted)
    assert found["defective"] == sum(found[k] for k in ("missed", "let_go", "mended", "seconds"))
    assert imread(draw_inspection(drifted, tmp_path)).shape[0] > 900


def test_a_run_in_which_nobody_looks_has_no_chart() -> None:
    log = simulate(load_scenario("small", inspector="none"), AtcsMatch(), 0)
    assert chart_figures(log) == {}


def test_intervals_stand_beside_their_figures() -> None:
    log = simulate(load_scenario("small", inspector="human"), AtcsMatch(), 0)
    found, intervals = kpis(log), quality_intervals(log)
    for name, (low, high) in intervals.items():
        assert low <= found[name] <= high, name
    table = kpi_table(found, "run", intervals)
    assert len(table.columns) == 4
    assert sum(bool(cell) for cell in table.columns[3].cells) == len(intervals)
