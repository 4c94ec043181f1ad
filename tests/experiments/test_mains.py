"""The mains as a user starts them: exit codes, last lines, files left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.report.flow_charts import wip_by_stage
from factory_env.kpi.table import kpis
from factory_env.logfile import load_log

ROOT = Path(__file__).parents[2]


def start(main: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "experiments" / f"{main}.py"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_simulate_runs_a_users_book(tmp_path: Path) -> None:
    book = (
        "order_id,style,quantity,release,due,price,priority,customer\n"
        "A,tee,900,0,9,2.6,1,N\nB,polo-02,700,1,6,4,2,N\nC,shirt,600,2,80,6.5,1,N\n"
    )
    (tmp_path / "my orders (1).csv").write_text(book)
    done = start(
        "simulate",
        "agent=atcs",
        "plant=small",
        "orders=my orders (1).csv",
        "seed=3",
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    folder = tmp_path / summary["run_folder"]
    assert json.loads((folder / "summary.json").read_text()) == summary
    assert "horizon extended from 60" in done.stderr
    log = load_log(folder / "log")
    assert kpis(log)["total_cost_usd"] == summary["total_cost_usd"]
    assert log.tables["orders"]["order_id"].tolist() == ["A", "B", "C"]
    pictures = {p.name for p in folder.glob("*.png")}
    assert pictures >= {
        "gantt_orders.png",
        "gantt_all_lines.png",
        "wip.png",
        "cost.png",
    }
    at = np.linspace(0.0, log.end_min, 4001)
    assert np.isclose(
        sum(s.mean() for s in wip_by_stage(log, at)), summary["wip_pieces"], rtol=0.02
    )


@pytest.mark.slow
def test_simulate_reports_config_agent_and_book_together(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("order_id,style\nA,teee\n")
    done = start("simulate", "agent=atsc", "orders=o.csv", "seed=-1", folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    for words in ("did you mean atc", "o.csv:2: style", "o.csv:1: quantity", "seed: must be"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o.csv"]


@pytest.mark.slow
def test_validate_prints_the_makespan(tmp_path: Path) -> None:
    (tmp_path / "shop.txt").write_text("2\n2\n2 3\n4 1\n")
    (tmp_path / "order.txt").write_text("2 1\n")
    done = start("validate", "flow_shop=shop.txt", "sequence=order.txt", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["makespan"] == 9
