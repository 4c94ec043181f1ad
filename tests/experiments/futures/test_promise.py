"""`promise.py`: dates hold for one more future, what is moved is told, wrong words are refused."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from experiments import promise
from experiments.building.order_book import Workload
from experiments.futures.promising.asking import build_wish, find_style
from experiments.futures.promising.levels import promise_min
from experiments.futures.promising.options import PromiseOptions
from experiments.futures.promising.session import Promise, make_promise
from experiments.futures.promising.telling import say_promise
from factory_env.errors import InputError
from tests.conftest import ROOT

SHORT = (
    "plant=small",
    "scenario.horizon_days=12",
    "scenario.demand.days=8",
    "workers=1",
    "replications=19",
)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_one_more_future_keeps_a_date_as_often_as_it_says(level: float) -> None:
    rng = np.random.default_rng(4)
    ships = rng.lognormal(3.0, 0.7, (4000, 40))
    kept = [row[-1] <= promise_min(row[:-1], level) for row in ships]
    assert np.mean(kept) == pytest.approx(level, abs=0.03)


def test_a_date_that_so_few_futures_do_not_hold_is_never() -> None:
    assert promise_min(np.arange(18.0), 0.95) == np.inf
    assert promise_min(np.array([1.0, np.nan, np.inf]), 0.5) == np.inf
    assert promise_min(np.array([1.0, np.nan, np.inf]), 0.25) == 1.0


def test_unknown_styles_are_refused_with_the_nearest(short_tables) -> None:
    assert find_style("POLO-02", short_tables.styles).style_id == "polo-02"
    with pytest.raises(InputError, match="did you mean polo-"):
        find_style("polo-22x", short_tables.styles)
    with pytest.raises(InputError, match="known are"):
        find_style("%%%", short_tables.styles)


@pytest.fixture(scope="module")
def made(short, short_tables) -> Promise:
    style = find_style("polo-02", short_tables.styles)
    options = PromiseOptions(
        style="polo-02",
        quantity=1500,
        seed=2,
        replications=19,
        cures=False,
        workers=1,
        plant={"name": "small"},
    )
    work = Workload(scenario=short, orders=None, first_day=None, notes=())
    return make_promise(build_wish(options, work, style, by_min=20.0 * 1440.0), title=None)


def test_a_surer_date_is_a_later_one_and_lies_behind_the_fabric(made: Promise) -> None:
    dates = [made.dates[level] for level in (0.5, 0.8, 0.95)]
    assert dates == sorted(dates)
    assert dates[0] > made.asked.order.release_min
    assert dates[-1] < made.asked.end_min


def test_it_says_where_it_is_sewn_and_whom_it_moves(made: Promise) -> None:
    assert made.offers[0].lines[0][0] in made.asked.lines
    names = {displaced.order_id for displaced in made.displaced}
    assert names
    assert made.asked.order.order_id not in names
    lost = [displaced.lost for displaced in made.displaced]
    assert lost == sorted(lost, reverse=True)


def test_a_date_asked_for_gets_a_probability_with_both_ends(made: Promise) -> None:
    assert made.by_probability is not None
    assert 0.0 <= made.by_probability.low <= made.by_probability.high <= 1.0
    assert any("with 80%" in sentence for sentence in say_promise(made))


def run_promise(tmp_path, capsys, *words: str) -> dict[str, Any]:
    promise.main([*SHORT, f"hydra.run.dir={tmp_path / 'a'}", "json=true", *words])
    summary: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return summary


@pytest.mark.slow
def test_the_command_promises_dates_where_the_book_has_dates(tmp_path, capsys) -> None:
    book = f"orders={ROOT / 'examples' / 'orders.csv'}"
    words = ("style=polo-02", "quantity=800", "by=2026-03-20", book)
    summary = run_promise(tmp_path, capsys, *words)
    assert summary["p80"].startswith("2026-")
    assert summary["p50_min"] <= summary["p80_min"] <= summary["p95_min"]
    assert len(summary["offers"]) > 2
    assert 0.0 < summary["by_probability"] <= 1.0
    assert "Orders that it moves" in (tmp_path / "a" / "promise.html").read_text("utf-8")
    names = {path.name for path in (tmp_path / "a" / "tables").iterdir()}
    assert names == {"offers.csv", "displaced.csv"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), r"style: must be given"),
        (("style=polo-02",), r"quantity: must be given"),
        (("style=polo-02", "quantity=0"), r"quantity"),
        (
            ("style=polo-0x", "quantity=10", "by=soon"),
            r"did you mean polo-[\s\S]*by: must be a day",
        ),
        (("style=polo-02", "quantity=10", "replications=5"), r"replications"),
    ],
)
def test_wrong_words_end_with_one_error(tmp_path, capsys, words, message) -> None:
    with pytest.raises(SystemExit) as end:
        run_promise(tmp_path, capsys, *words)
    assert end.value.code == 2
    assert re.search(message, capsys.readouterr().err)
    assert not (tmp_path / "a").exists()
