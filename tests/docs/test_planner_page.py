"""The planner's page keeps its word: its list is read, its late list and answers are true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "planner.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if "my_records" not in line  # the reader's own
]


def _run(command: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """A command of the page, with another Python in another folder."""
    program, rest = command.removeprefix(".venv/bin/python ").split(" ", 1)
    words = re.findall(r'(?:[^\s"]|"[^"]*")+', rest)
    plain = [word.replace('"', "").replace("=examples/", f"={ROOT}/examples/") for word in words]
    return subprocess.run(
        [sys.executable, str(ROOT / program), *plain, *more],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def _summary(folder: Path, name: str) -> dict:
    return json.loads((folder / "runs" / "simulate" / name / "summary.json").read_text("utf-8"))


def test_the_list_of_the_page_is_the_one_that_ships() -> None:
    shown = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    book = (ROOT / "examples" / "june_export.csv").read_text(encoding="utf-8")
    assert book.startswith(shown.group(1))


def test_the_first_command_prints_the_late_list_of_the_page(tmp_path: Path) -> None:
    done = _run(COMMANDS[0], tmp_path, "pictures=false")
    assert done.returncode == 0, done.stderr
    late = re.search(r"^  4717 .*$", PAGE, re.MULTILINE)
    assert late is not None
    told = [sorted(line.split()) for line in done.stdout.splitlines()]
    assert sorted(late.group(0).split()) in told
    assert "note: the header is line 2" in done.stderr


@pytest.mark.slow
def test_every_command_of_the_page_runs_and_its_answers_are_true(tmp_path: Path) -> None:
    for command in COMMANDS:
        done = _run(command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    pictures = {path.name for path in (tmp_path / "runs" / "simulate" / "june").glob("*.png")}
    assert pictures >= set(re.findall(r"`(\w+\.png)`", PAGE))
    overtime, match = (_summary(tmp_path, name) for name in ("june_overtime", "june_match"))
    assert (overtime["on_time_share"], match["on_time_share"]) == (1.0, 1.0)
    assert f"{overtime['overtime_cost_usd']:,.0f} USD" in PAGE
    assert match["overtime_cost_usd"] == 0.0
    assert _summary(tmp_path, "june_flu")["late_orders"] == 1
