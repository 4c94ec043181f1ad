"""`compare_inspectors.py`: what is wrong is said at once; picture and table tell paired ratios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.command.main import run_main
from experiments.compare_inspectors import task
from experiments.comparing import pictures as inspectors
from experiments.comparing.pictures import draw_study, study_table
from experiments.comparing.study import PARTS, SHOWN, Study
from experiments.evaluating.tournament import Player, Results


def made_study() -> Study:
    """Dear and cheap seasons, in which the camera always costs 0.8 of what the person costs."""
    season = np.array([10_000.0, 20_000.0, 40_000.0])

    def results(factor: float) -> Results:
        keys = {*SHOWN, *(f"{part}_cost_usd" for part in PARTS)}
        columns = {key: season * factor / len(PARTS) for key in keys}
        columns |= {key: np.full(3, 0.01) for key in keys if key.endswith("share")}
        columns["total_cost_usd"] = season * factor
        player = Player(name="edd", lines="edd")
        return Results(player=player, seeds=(1, 2, 3), columns=columns)

    return Study(results={"cnn": results(0.8), "human": results(1.0)}, seeds=(1, 2, 3), agent="edd")


def test_a_difference_that_every_seed_shows_is_told_although_costs_overlap(
    monkeypatch, tmp_path: Path
) -> None:
    figures = []
    monkeypatch.setattr(inspectors, "save", lambda figure, path: figures.append(figure))
    draw_study(made_study(), tmp_path / "x.png", plant="made")
    names = [label.get_text() for label in figures[0].axes[0].get_yticklabels()]
    assert [name.split(":")[0] for name in names] == ["cnn", "human"], "the cheapest on top"
    assert any("-20 % (-20 to -20)" in text.get_text() for text in figures[0].axes[0].texts)
    assert "| cnn | 0.800 (0.800 to 0.800) |" in study_table(made_study())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inspectors=null"], ["inspectors: must name two"]),
        (["inspectors=7"], ["inspectors: must name two"]),
        (["inspectors=cnn"], ["inspectors: must name two", "got cnn"]),
        (
            [
                "inspectors=[cnn,cnn]",
                "eval.first_seed=-1",
                "eval.workers=0",
                "eval.episodes=two",
                "pictures=7",
                "agent=wizard",
            ],
            [
                "6 problems",
                "eval.first_seed: must be a whole number of at least 0",
                "default is 120000",
            ],
        ),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_said_and_nothing_is_played(
    words, said, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        run_main("compare_inspectors", task, ["plant=small", *words])
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    for part in said:
        assert part in err
    assert not list(tmp_path.glob("runs/*/*"))
