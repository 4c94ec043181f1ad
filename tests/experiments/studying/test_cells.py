"""The file of a study's runs: every run counts once, a torn line costs that run alone."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from experiments.evaluating.tournament import Failure
from experiments.studying.cells import Cell, CellFile, Played, find_missing
from factory_env.errors import ArtifactError

EDD = Cell(policy="edd", training_seed=None, scene="small", seed=7)
LEARNER = Cell(policy="ppo", training_seed=3, scene="small", seed=7)
FAILED = Failure(name="ppo", seed=7, kind="raised", reason="no idea", trace="Traceback ...")


def played(cost_usd: float) -> Played:
    figures = {"total_cost_usd": cost_usd, "on_time_share": math.nan}
    return Played(figures=figures, questions=9, answer_s=0.1, answer_cpu_s=0.05, run_s=1.5)


def test_what_is_written_is_read_digit_by_digit(tmp_path: Path) -> None:
    file = CellFile(tmp_path)
    assert file.read() == {}
    cost_usd = 1.0 / 3.0 * 1e5
    file.append(EDD, played(cost_usd))
    file.append(LEARNER, FAILED)
    outcomes = file.read()
    kept = outcomes[EDD]
    assert isinstance(kept, Played)
    assert kept.figures["total_cost_usd"] == cost_usd
    assert math.isnan(kept.figures["on_time_share"])
    assert (kept.questions, kept.answer_cpu_s) == (9, 0.05)
    assert outcomes[LEARNER] == FAILED


def test_a_run_counts_once_and_a_failure_until_it_succeeds(tmp_path: Path) -> None:
    file = CellFile(tmp_path)
    file.append(EDD, played(1.0))
    file.append(EDD, played(2.0))
    file.append(LEARNER, FAILED)
    assert find_missing([EDD, LEARNER], file.read()) == [LEARNER]
    file.append(LEARNER, played(3.0))
    file.append(LEARNER, FAILED)
    outcomes = file.read()
    assert [o.figures["total_cost_usd"] for o in outcomes.values() if isinstance(o, Played)] == [
        1.0,
        3.0,
    ]
    assert find_missing([EDD, LEARNER], outcomes) == []


@pytest.mark.parametrize("letters", [1, 30, 120])
def test_a_line_that_was_being_written_is_cut_off(letters: int, tmp_path: Path) -> None:
    file = CellFile(tmp_path)
    file.append(EDD, played(1.0))
    whole = file.path.read_text()
    file.path.write_text(whole + whole[:letters])
    file.mend()
    assert file.path.read_text() == whole
    file.mend()
    assert file.path.read_text() == whole


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"policy": "a", "seed": 1}', "[1]", "\x00"])
def test_a_line_that_is_none_of_ours_is_named_with_its_number(line: str, tmp_path: Path) -> None:
    file = CellFile(tmp_path)
    file.append(EDD, played(1.0))
    with file.path.open("a") as text:
        text.write(line + "\n")
    with pytest.raises(ArtifactError, match=r"cells.jsonl:2: not a run of a study"):
        file.read()


def test_a_line_is_plain_json(tmp_path: Path) -> None:
    file = CellFile(tmp_path)
    file.append(LEARNER, played(1.0))
    line = json.loads(file.path.read_text(), parse_constant=pytest.fail)
    assert line["figures"]["on_time_share"] is None
    assert line["training_seed"] == 3
