"""`why.py`: days by cause, the same luck without each cause, cures; and every reason to refuse."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import simulate, why
from experiments.futures.question import Variant
from experiments.futures.reasons.options import WhyOptions
from experiments.futures.reasons.session import Reasons, find_reasons
from experiments.futures.reasons.subject import (
    Subject,
    base_variant,
    choose_subject,
    find_order,
)
from experiments.futures.reasons.telling import headline, say_reasons
from experiments.futures.reasons.trials import play_trials
from factory_env import Factory, load_scenario
from factory_env.errors import InputError
from tests.conftest import ROOT
from tests.play import play

SHORT = (
    "plant=small",
    "scenario.horizon_days=12",
    "scenario.demand.days=8",
    "scenario.demand.size_median=500",
    "seed=2",
    "workers=1",
    "pictures=false",
)


@pytest.fixture(scope="module")
def subject(short, short_tables) -> Subject:
    from agents.rules.edd import Edd

    factory = Factory(short, 2, tables=short_tables)
    book = tuple(factory.book.orders)
    play(factory, Edd())
    place = next(i for i, run in enumerate(factory.house.runs) if run.is_shipped and run.setup_min)
    name = book[place].order_id
    config = WhyOptions(order=name, agent="edd", plant={"name": "small"})
    base = base_variant(short, factory.tables.styles, book, "edd")
    return Subject(
        factory=factory,
        base=base,
        config=config,
        seed=2,
        name=name,
        parts=(place,),
        first_day=None,
    )


@pytest.fixture(scope="module")
def reasons(subject: Subject):
    options = WhyOptions(order=subject.name, replications=3, workers=1, cures=False)
    return find_reasons(options, subject)


def test_minutes_by_cause_add_up_and_stretches_leave_no_gap(reasons) -> None:
    assert sum(reasons.minutes.values()) == pytest.approx(reasons.total_min, abs=1e-6)
    for one, other in zip(reasons.stretches, reasons.stretches[1:], strict=False):
        assert one.end_min == other.begin_min
    assert reasons.stretches[-1].end_min == reasons.end_min


def test_the_first_future_is_the_run_that_is_explained(reasons) -> None:
    assert reasons.ship_min[0] == reasons.end_min


def test_an_order_alone_in_the_house_leaves_no_later(reasons) -> None:
    alone = next(effect for effect in reasons.causes if effect.name == "line_wait")
    assert alone.days_won.value > 0.0
    assert np.isnan(alone.cost_usd.value)


def test_causes_that_the_scenario_does_not_have_are_not_removed(reasons) -> None:
    names = {effect.name for effect in reasons.causes}
    assert names == {"changeover", "learning", "absence", "repair", "line_wait"}


def test_the_sentences_name_the_order_and_its_probability(reasons, subject) -> None:
    assert any("probability" in sentence for sentence in say_reasons(reasons))


def test_parts_are_found_by_the_customers_name_and_strangers_are_refused(subject) -> None:
    book = subject.book
    parted = (replace(book[0], order_id="A/1", parent="A"), *book[1:3])
    assert find_order("A", parted) == (0,)
    assert find_order("A/1", parted) == (0,)
    near = book[1].order_id.lower()[:-1] + "x"
    with pytest.raises(InputError, match=f"did you mean .*{book[1].order_id}"):
        find_order(near, parted)
    with pytest.raises(InputError, match="the book holds A, "):
        find_order("zzzzzz", parted)


def test_a_base_has_a_book_of_its_own(subject: Subject) -> None:
    assert isinstance(subject.base, Variant)
    assert subject.base.orders == subject.book


def run_why(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    why.main([*SHORT, f"hydra.run.dir={tmp_path / 'a'}", "json=true", *words])
    summary: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return summary


@pytest.mark.slow
def test_the_command_tells_causes_and_cures_and_leaves_its_tables(tmp_path, capsys) -> None:
    words = ("order=O0002", "replications=3", "pictures=true")
    summary = run_why(tmp_path, capsys, *words)
    assert summary["why_adds_up"] < 1e-6
    assert {effect["name"] for effect in summary["cures"]} >= {"overtime", "people", "first"}
    tables = {path.name for path in (tmp_path / "a" / "tables").iterdir()}
    assert tables == {"way.csv", "stretches.csv", "causes.csv", "cures.csv"}
    assert (tmp_path / "a" / "why.png").stat().st_size > 10_000
    assert "What would have helped" in (tmp_path / "a" / "why.html").read_text("utf-8")


@pytest.mark.slow
def test_a_book_gives_dates(tmp_path, capsys) -> None:
    book = f"orders={ROOT / 'examples' / 'orders.csv'}"
    summary = run_why(tmp_path, capsys, "order=PO-2003", book, "replications=2", "cures=false")
    assert summary["due"] == "2026-03-12"
    assert summary["left"].startswith("2026-03-")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "order: must be given"),
        (("order=O9999",), "did you mean|the book holds"),
        (("order=O0001", "run=nowhere"), "run folder"),
        (("order=O0001", "agent=nobody", "replications=0"), "replications"),
    ],
)
def test_wrong_words_end_with_one_error(tmp_path, capsys, words, message) -> None:
    with pytest.raises(SystemExit) as end:
        run_why(tmp_path, capsys, *words)
    assert end.value.code == 2

    assert re.search(message, capsys.readouterr().err)
    assert not (tmp_path / "a").exists()


def test_what_happened_to_a_run_happens_in_its_futures(tmp_path) -> None:
    changes = tmp_path / "changes.yaml"
    changes.write_text("changes:\n  - {line_down: polo-1, from: day 2, to: day 4}\n")
    folder = tmp_path / "run"
    words = [
        *(w for w in SHORT if w != "workers=1"),
        f"changes={changes}",
        f"hydra.run.dir={folder}",
    ]
    simulate.main(["agent=edd", *words])
    lived = Factory(load_scenario("small"), 2)  # any book names its first order alike
    name = lived.book.orders[0].order_id
    options = WhyOptions(order=name, run=str(folder), replications=1, workers=1, cures=False)
    subject = choose_subject(options)
    assert [type(change).__name__ for change in subject.base.changes] == ["LineDown"]
    trials = play_trials([subject.base], subject.config, range(2, 3), workers=1, title=None)
    run = subject.factory.house.runs[subject.parts[0]]
    assert trials.ships("base", name)[0] == (run.shipped_min if run.is_shipped else np.inf)


def test_an_order_that_has_not_left_is_neither_early_nor_late(reasons, monkeypatch) -> None:
    monkeypatch.setattr(Reasons, "late_min", -2880.0)
    assert headline(reasons).endswith("2.0 days early")
    monkeypatch.setattr(Reasons, "is_shipped", False)
    assert headline(reasons).endswith("2.0 days before it is due")
