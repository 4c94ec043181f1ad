"""The command: a file in, a table, figures and tables out; wrong input leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.whatif import main

FILE = """
title: Fewer
base:
  plant: small
  set: {scenario.horizon_days: 8, scenario.demand.days: 4}
variants:
  - name: fewer
    changes:
      - {heads: -10 %, from: day 1}
  - name: late
    changes:
      - {late_fabric: O0003, on: day 0, until: day 3}
"""


@pytest.fixture
def what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_question_of_ones_own_is_answered_and_found_again(
    what: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"what={what}", "replications=2", "workers=1", "page=false", "json=true"]
    main([*words, "name=first"])
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert first["question"].startswith("mine")
    assert set(first["variants"]) == {"base", "fewer", "late"}
    assert first["variants"]["fewer"]["difference_usd"] < 0.0  # wages
    assert first["runs_played"] == 6
    folder = Path("runs/whatif/first")
    assert json.loads((folder / "summary.json").read_text()) == first
    assert (folder / "answer.json").is_file()
    assert (folder / "tables" / "comparison.csv").is_file()
    main([*words, "name=second"])
    second = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert second["runs_played"] == 0
    assert second["variants"] == first["variants"]


def test_a_wrong_question_is_refused_whole_and_leaves_nothing(
    what: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what.write_text(FILE.replace("O0003", "O9999").replace("-10 %", "-10"), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main([f"what={what}", "seed=-1", "agent=nobody"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert "seed" in told
    assert not Path("runs").exists()


def test_orders_in_parts_stand_as_one_in_every_table_and_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ground = (
        "plant: small, scenario: real, set: {scenario.horizon_days: 14, scenario.demand.days: 10}"
    )
    Path("parts.yaml").write_text(
        f"title: Parts\nbase: {{{ground}}}\nvariants:\n"
        "  - name: fewer\n    changes:\n      - {heads: -10 %, from: day 1}\n"
    )
    main(["what=parts.yaml", "replications=2", "workers=1", "store=null", "json=true", "name=a"])
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["html_mb"] < 6.0
    page = Path("runs/whatif/a/answer.html").read_text("utf-8")
    names = Path("runs/whatif/a/tables/orders.csv").read_text("utf-8")
    assert "O0001" in page
    assert "/2" not in names
