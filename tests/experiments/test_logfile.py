"""Run logs on disk: whole or absent, equal bytes for equal runs, refused if foreign."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from agents.rules.edd import Edd
from factory_env import Scenario, logfile
from factory_env.domain.records import RunLog
from factory_env.errors import ArtifactError
from factory_env.kpi.table import kpis
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.run import simulate


@pytest.fixture(scope="module")
def log(short: Scenario, short_tables: PlantTables) -> RunLog:
    return simulate(short, Edd(), 1, record_operations=True)


def test_a_log_comes_back_as_it_was(log: RunLog, tmp_path: Path) -> None:
    again = logfile.load_log(logfile.save_log(log, tmp_path / "log"))
    assert kpis(again) == kpis(log)
    assert (again.lines, again.operators, again.seed) == (log.lines, log.operators, log.seed)
    for name, table in log.tables.items():
        for column, values in table.items():
            np.testing.assert_array_equal(again.tables[name][column], values)


def test_equal_runs_give_equal_bytes(log: RunLog, short: Scenario, tmp_path: Path) -> None:
    first = logfile.save_log(log, tmp_path / "first")
    rerun = simulate(short, Edd(), 1, record_operations=True)
    second = logfile.save_log(rerun, tmp_path / "second")
    names = sorted(p.name for p in first.iterdir())
    assert len(names) == 11  # ten tables and the head
    assert filecmp.cmpfiles(first, second, names, shallow=False)[0] == names


def test_a_kill_while_writing_leaves_the_old_log(
    log: RunLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = logfile.save_log(log, tmp_path / "log")
    written: list[object] = []

    def dies(*args: object, **options: object) -> None:
        written.append(args)
        if len(written) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", dies)
    for target in (folder, tmp_path / "new"):
        written.clear()
        with pytest.raises(KeyboardInterrupt):
            logfile.save_log(log, target)
    assert kpis(logfile.load_log(folder)) == kpis(log)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: (f / "lots.parquet").unlink(), "lots.parquet is missing"),
        (lambda f: (f / "lots.parquet").write_bytes(b"half"), "lots.parquet is damaged"),
        (lambda f: (f / "log.json").unlink(), "log.json is missing"),
        (lambda f: (f / "log.json").write_text("{"), "is damaged"),
        (lambda f: (f / "log.json").write_text(json.dumps({"log_version": 0})), "version must be"),
        (lambda f: (f / "log.json").write_text(json.dumps({"log_version": 1})), "version must be"),
        (lambda f: (f / "log.json").write_text(json.dumps({"log_version": 2})), "version must be"),
        (lambda f: (f / "log.json").write_text(json.dumps({"log_version": 3})), "version must be"),
        (lambda f: (f / "log.json").write_text(json.dumps({"log_version": 4})), "is damaged"),
    ],
)
def test_a_foreign_or_damaged_log_is_refused(
    log: RunLog, tmp_path: Path, spoil, words: str
) -> None:
    folder = logfile.save_log(log, tmp_path / "log")
    spoil(folder)
    with pytest.raises(ArtifactError, match=words):
        logfile.load_log(folder)
