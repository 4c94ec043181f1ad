"""The row ``start`` of a comparison: what was learned, and what the weights could do before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agents.card import BEST, ORIGIN, find_start, write_card
from experiments.evaluating.player import START
from experiments.evaluating.site import SiteContest
from experiments.evaluating.start import (
    NOTHING_LEARNED,
    Lesson,
    best_step,
    read_lesson,
)
from experiments.evaluating.statistics import COST, best_rule, summary
from experiments.evaluating.tournament import Player, Results


def run_folder(folder: Path, step: int, entry: str = "best_step") -> str:
    write_card(folder / ORIGIN, {"steps": 0})
    write_card(folder / BEST, {entry: step})
    return str(folder)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    for name in (ORIGIN, BEST):
        (tmp_path / name).mkdir()


def rows(agent: list[float], start: list[float], rule: list[float]) -> list[Results]:
    players = [
        Player(name="edd", lines="edd"),
        Player(name="ppo", lines="x", is_rule=False),
        Player(name=START, lines="x/start", is_rule=False, is_start=True),
    ]
    columns = zip(players, (rule, agent, start), strict=True)
    return [
        Results(player=p, seeds=tuple(range(len(c))), columns={COST: np.array(c)})
        for p, c in columns
    ]


def lesson(folder: str, agent: list[float], start: list[float], rule: list[float]) -> Lesson:
    results = rows(agent, start, rule)
    learned = read_lesson(results, "ppo", folder, best_rule(results), COST)
    assert learned is not None
    return learned


def test_what_the_start_saves_is_not_what_was_learned(tmp_path: Path) -> None:
    # rule 100 on both seeds, start 90, agent 60: the start saves 10 %, learning 30 %
    told = lesson(run_folder(tmp_path, 4096), [60.0, 60.0], [90.0, 90.0], [100.0, 100.0])
    figures = told.figures()
    assert figures["start_share"] == pytest.approx(0.1)
    assert figures["learned_share"] == pytest.approx(0.3)
    assert figures["start_ratio"] == pytest.approx(2 / 3)
    assert figures["start_ratio_ci_high"] == pytest.approx(2 / 3)  # both seeds alike
    assert (figures["learned"], figures["best_step"]) == (True, 4096)
    assert "step 4,096 costs 0.667 of its start" in told.sentence()
    assert "10.0% is saved by the start, 30.0% by learning" in told.sentence()


def test_a_run_that_never_beat_its_start_says_so(tmp_path: Path) -> None:
    told = lesson(run_folder(tmp_path, 0), [90.0, 80.0], [90.0, 80.0], [100.0, 100.0])
    assert told.sentence() == NOTHING_LEARNED
    assert told.figures()["learned"] is False


def test_a_difference_within_its_noise_is_not_called_learned_for_sure(tmp_path: Path) -> None:
    told = lesson(run_folder(tmp_path, 64), [60.0, 120.0], [90.0, 95.0], [100.0, 100.0])
    assert "not distinguishable from it" in told.sentence()


def test_a_card_of_older_runs_tells_the_step_of_its_best_by_its_steps(tmp_path: Path) -> None:
    assert best_step(run_folder(tmp_path, 512, entry="steps")) == 512


def test_without_a_start_nothing_is_said_of_learning() -> None:
    results = rows([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])[:2]
    assert read_lesson(results, "ppo", "x", results[0], COST) is None
    assert find_start("pretrained") is None


def test_the_start_is_neither_the_agent_nor_a_rule() -> None:
    columns = {key: np.array([3.0, 4.0]) for key in (COST, "tardiness_cost_usd", "on_time_share")}
    results = [
        Results(player=r.player, seeds=r.seeds, columns=columns)
        for r in rows([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])
    ]
    figures = summary(results)
    assert (figures["agent"], figures["best_rule"]) == ("ppo", "edd")


def test_a_run_folder_plays_its_start_beside_it(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, 64)
    assert find_start(folder) == tmp_path / ORIGIN
    players = SiteContest(agent=folder, seeds=range(2)).players()
    assert [(p.name, p.site) for p in players][-1] == (START, str(tmp_path / ORIGIN))
    assert START not in [p.name for p in SiteContest(agent="mpc", seeds=range(2)).players()]
