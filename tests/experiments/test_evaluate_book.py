"""``evaluate.py orders=...``: every rule makes the user's own orders."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from experiments.building.order_book import workload
from experiments.building.policy import policy_from
from experiments.evaluate import main
from factory_env import load_scenario, simulate
from factory_env.kpi.table import kpis

BOOK = (
    "order_id,style,quantity,release,due,price,priority,customer\n"
    "A,tee-01,900,0,9,2.6,1,N\nB,polo-02,700,1,6,4,2,N\nC,shirt-01,600,2,20,6.5,1,N\n"
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my book.csv"
    path.write_text(BOOK)
    return path


def test_rules_are_compared_on_ones_own_orders(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["orders=my book.csv", "plant=small", "agent=edd", "name=mine"]
    main([*words, "eval.episodes=2", "eval.workers=1"])
    out, _ = capsys.readouterr()
    summary = json.loads(out.splitlines()[-1])
    folder = Path(summary["run_folder"])
    assert folder == Path("runs/evaluate/mine")
    assert (folder / "comparison.png").is_file()
    # the same as one run after the other, under the two seeds
    work = workload(load_scenario("small"), str(book), 100_000)
    costs = [
        kpis(simulate(work.scenario, policy_from("edd"), seed, orders=work.orders))
        for seed in (100_000, 100_001)
    ]
    mean = sum(k["total_cost_usd"] for k in costs) / 2
    assert summary["costs_usd"]["edd"] == round(mean, 2)
    assert summary["orders"] == "my book.csv"
    rows = list(csv.DictReader((folder / "tables/comparison.csv").open(encoding="utf-8")))
    assert [row["policy"] for row in rows] == sorted(
        summary["costs_usd"], key=lambda name: summary["costs_usd"][name]
    )
    assert rows[0]["against the cheapest"] == "cheapest"
    equal = [r["policy"] for r in rows if r["against the cheapest"].startswith("not")]
    assert equal == summary["not_distinguishable"]
    assert ("not distinguishable" in out.replace("not distinguishable:", "")) == bool(equal)
    assert (folder / "report.xlsx").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["env=energy"], "orders: is used with env=scheduling only"),
        (["agent=nobody"], "must be a rule"),
    ],
)
def test_a_book_that_makes_no_sense_is_refused(
    words: list[str], message: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([f"orders={book}", "plant=small", *words])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err
    assert not Path("runs").exists()


def test_a_missing_book_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["orders=nowhere.csv", "plant=small"])
    assert "nowhere.csv" in capsys.readouterr().err
