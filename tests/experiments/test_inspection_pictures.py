"""The pictures of the repair loop: fates add up, and it is drawn when the station is on alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from agents.rules.edd import Edd
from experiments.report import inspection_flow
from experiments.report.gantt import line_blocks, orders_figure
from experiments.report.inspection_flow import MIDDLE, WIDTH, draw_inspection, fates
from experiments.report.station_bands import has_station
from factory_env import Factory, RunLog, load_scenario
from tests.play import play


@pytest.fixture(scope="module", params=[True, False])
def log(request) -> RunLog:
    scenario = load_scenario(
        "small",
        overrides={
            "inspection.station.enabled": request.param,
            "horizon_days": 8,
            "demand.days": 6,
        },
    )
    return play(Factory(scenario, 1), Edd())


def test_the_flow_loses_no_piece(log) -> None:
    found = fates(log)
    assert found["defective"] == pytest.approx(
        found["missed"] + found["let_go"] + found["mended"] + found["seconds"]
    )
    assert found["escapes"] == found["missed"] + found["let_go"]
    assert min(found.values()) >= 0.0
    assert (found["let_go"] > 0.0) == has_station(log)


def test_the_bands_of_a_flow_fill_its_nodes(log, monkeypatch, tmp_path: Path) -> None:
    figures = []
    monkeypatch.setattr(inspection_flow, "save", lambda figure, path: figures.append(figure))
    draw_inspection(log, tmp_path)
    pieces = {0.0: 0.0, MIDDLE: 0.0}  # by the column from which a band starts
    for band in (p for p in figures[0].axes[0].patches if isinstance(p, PathPatch)):
        corners = band.get_path().vertices
        pieces[corners[0, 0] - WIDTH] += corners[-2, 1] - corners[0, 1]
    fate = fates(log)
    assert pieces[0.0] == pytest.approx(fate["defective"] + fate["false_alarms"])
    assert pieces[MIDDLE] == pytest.approx(fate["missed"] + fate["flagged"])


def test_the_picture_of_a_flow_is_a_file(log, tmp_path: Path) -> None:
    assert draw_inspection(log, tmp_path).stat().st_size > 10_000


def test_what_nobody_met_has_no_words_in_the_flow(log, monkeypatch, tmp_path: Path) -> None:
    figures = []
    monkeypatch.setattr(inspection_flow, "save", lambda figure, path: figures.append(figure))
    draw_inspection(log, tmp_path)
    said = " ".join(text.get_text() for text in figures[0].axes[0].texts)
    found = fates(log)
    for name, count in (
        ("missed by the inspector", found["missed"]),
        ("sold as seconds", found["seconds"]),
        ("sound: back to the flow", found["false_alarms"]),
    ):
        assert (name in said) == (count > 0)
    assert "to the customer, defective" in said


def test_the_lines_show_repairs_with_the_station_alone(log) -> None:
    calendar = load_scenario("small").calendar
    blocks = line_blocks(log, calendar)
    figure: Figure = orders_figure("Orders", blocks, calendar, None, log)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert any("repaired" in text for text in texts) == has_station(log)
