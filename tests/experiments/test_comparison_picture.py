"""The picture of a comparison shows paired differences and says what cannot be told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.evaluating import scheduling_report, statistics
from experiments.evaluating.statistics import COST
from experiments.evaluating.tournament import Player, Results

SEEDS = np.arange(24)
LUCK = 10_000.0 + 5_000.0 * np.sin(SEEDS)  # seeds differ far more than policies do


def _results(name: str, cost: np.ndarray, *, is_rule: bool = True) -> Results:
    parts = {f"{part}_cost_usd": cost / 8 for part in ("tardiness", "changeover", "learning")}
    rest = {"holding_cost_usd": cost / 8, "short_cost_usd": 0.0 * cost}
    shown = dict.fromkeys(statistics.SHOWN, cost)
    columns = {**shown, **parts, **rest, COST: cost, "on_time_share": 0.0 * cost + 0.8}
    player = Player(name=name, lines=name, is_rule=is_rule)
    return Results(player=player, seeds=tuple(SEEDS.tolist()), columns=columns)


@pytest.fixture
def rows() -> list[dict]:
    coin = np.where(SEEDS % 2, 60.0, -50.0)
    return statistics.table(
        [
            _results("best", LUCK),
            _results("just as good", LUCK + coin),
            _results("always_dearer", LUCK + 300.0 + coin),
            _results("$learned$ 学习", LUCK + 900.0, is_rule=False),
        ]
    )


def test_a_small_difference_on_every_seed_is_told_although_costs_overlap(rows) -> None:
    by_name = {row["policy"]: row["from_best"] for row in rows}
    assert by_name["just as good"].holds_zero
    assert not by_name["always_dearer"].holds_zero
    assert by_name["best"].mean == 0.0


def test_the_picture_marks_what_is_not_distinguishable(rows, monkeypatch, tmp_path: Path) -> None:
    figures = []
    monkeypatch.setattr(scheduling_report, "save", lambda figure, path: figures.append(figure))
    scheduling_report.draw(rows, tmp_path / "x.png", episodes=24, title="Made")
    costs, differences, _ = figures[0].axes
    assert costs.get_yticklabels()[0].get_text() == "best"
    words = {round(text.get_position()[1]): text.get_text().strip() for text in differences.texts}
    assert words == {
        0: "the best",
        1: "not distinguishable from the best",
        2: "+0.3",
        3: "+0.9",
    }
    legend = {text.get_text() for text in figures[0].legends[0].get_texts()}
    assert "short shipment" not in legend
    assert any("rest" in text for text in legend), "the parts of the table are half of the cost"


def test_the_picture_is_a_file_whatever_policies_are_called(rows, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    scheduling_report.draw(rows, path, episodes=24, title="Made")
    assert path.stat().st_size > 10_000
