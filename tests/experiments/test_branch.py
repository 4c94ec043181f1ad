"""Branches of logged runs: same past, another future; and every reason to refuse one."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.branch_point import minute_text, point_min, split_branch
from experiments.cli import run_main
from experiments.report.branch import overdue_usd, wip_pieces
from experiments.simulate import task
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from factory_env.logfile import load_log

DAY = 1440.0
MONDAY = date(2026, 3, 2)
SHORT = ("plant=small", "scenario.horizon_days=12", "scenario.demand.days=10",
         "scenario.demand.load=1.3", "scenario.demand.size_median=500",
         "scenario.demand.booking_lead_days=[0,4]")  # fmt: skip
BOOK = (
    "order_id,style,quantity,release,due,price,priority,customer\n"
    "A,tee,900,2026-03-02,2026-03-12,2.6,1,N\nB,polo-02,700,2026-03-03,2026-03-09,4,2,N\n"
    "C,shirt,600,2026-03-04,2026-05-20,6.5,1,N\nD,tee,800,2026-03-04,2026-03-10,2.6,1,N\n"
    "E,tee,500,2026-03-04,2026-03-06,2.6,1,N\n"
)
Main = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a run ``atcs`` of 12 working days; the working directory of the module."""
    folder, before = tmp_path_factory.mktemp("branches"), Path.cwd()
    os.chdir(folder)
    run_main("simulate", task, (*SHORT, "agent=atcs_match", "seed=5", "pictures=false",
                                "hydra.run.dir=atcs"))  # fmt: skip
    yield folder
    os.chdir(before)


@pytest.fixture
def main(runs: Path, capfd: pytest.CaptureFixture[str]) -> Main:
    """Runs simulate.py; returns exit code, summary and stderr."""

    def run(*argv: str) -> tuple[int, dict[str, Any], str]:
        code = 0
        try:
            run_main("simulate", task, argv)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capfd.readouterr()
        return code, json.loads(out.splitlines()[-1]) if code == 0 else {}, err

    return run


def copied(name: str) -> Path:
    """A copy of the run, to be spoiled."""
    return Path(shutil.copytree("atcs", name))


@pytest.mark.parametrize(
    ("point", "first_day", "minute"),
    [
        ("12 10:00", None, 12 * DAY + 600.0),
        ("day 12 10:00", None, 12 * DAY + 600.0),
        ("0 00:00", None, 0.0),
        ("Tue 9:05", None, DAY + 545.0),  # day 0 is a Monday
        ("tuesday 10:00", MONDAY, DAY + 600.0),
        ("SUNDAY 23:59", None, 6 * DAY + 1439.0),
        ("2026-03-05 10:00", MONDAY, 3 * DAY + 600.0),  # 2 March is day 0
        ("2026-03-05T10:00", MONDAY, 3 * DAY + 600.0),
        ("05.03.2026 10:00", MONDAY, 3 * DAY + 600.0),
        ("-1 10:00", None, -DAY + 600.0),
    ],
)
def test_a_point_is_a_day_a_weekday_or_a_date_with_a_time(point, first_day, minute) -> None:
    assert point_min(point, first_day) == minute


@pytest.mark.parametrize(
    ("point", "rule"),
    [
        ("12", "must be a day and a time of day"),
        ("10:00", "must be a day and a time of day"),
        ("12 10", "must be a day and a time of day"),
        ("12 24:00", "00:00 to 23:59"),
        ("12 10:60", "00:00 to 23:59"),
        ("12.5 10:00", "'12.5' is not a day"),
        ("tu 10:00", "'tu' is not a day"),
        ("someday 10:00", "'someday' is not a day"),
        ("2026-02-30 10:00", "'2026-02-30' is not a day"),
        ("2026-03-05 10:00", "has no dates"),
    ],
)
def test_a_malformed_point_is_refused_with_the_accepted_forms(point, rule) -> None:
    with pytest.raises(InputError, match=rule) as error:
        point_min(point, None)
    assert "@tue 10:00" in str(error.value)


@pytest.mark.parametrize("text", ["", "@", "runs/a", "runs/a@", "@12 10:00"])
def test_a_branch_names_a_folder_and_a_point(text) -> None:
    with pytest.raises(InputError, match="must name a run folder and a minute of it"):
        split_branch(text)


def test_a_point_is_written_as_people_read_it() -> None:
    assert split_branch("a@b/c@12 10:00") == (Path("a@b/c"), "12 10:00")
    assert minute_text(12 * DAY + 605.0, None) == "day 12 (Sat) 10:05"
    assert minute_text(3 * DAY + 600.0, MONDAY) == "Thu 05 Mar 2026 10:00"


def test_a_branch_under_the_same_agent_leaves_the_same_log(main: Main) -> None:
    code, summary, err = main("branch=atcs@4 10:00", "agent=atcs_match", "pictures=false",
                              "hydra.run.dir=again")  # fmt: skip
    assert code == 0, err
    names = sorted(p.name for p in Path("atcs/log").iterdir())
    assert filecmp.cmpfiles("atcs/log", "again/log", names, shallow=False)[0] == names
    assert (summary["branch_min"], summary["branch_text"]) == (4 * DAY + 600.0, "day 4 (Fri) 10:00")
    assert summary["original"] == kpis(load_log("atcs/log"))
    assert set(summary["difference"].values()) == {0.0}
    assert (summary["plant"], summary["seed"]) == ("small", 5)


def test_a_branch_under_another_agent_shares_the_past_and_is_drawn_beside_the_run(
    main: Main,
) -> None:
    code, summary, err = main("branch=atcs@tue 10:00", "agent=spt", "hydra.run.dir=spt")
    assert code == 0, err
    run, branch = load_log("atcs/log"), load_log("spt/log")
    assert (summary["agent"], summary["original_agent"]) == ("spt", "atcs_match")
    cost = summary["total_cost_usd"], summary["original"]["total_cost_usd"]
    assert cost == (kpis(branch)["total_cost_usd"], kpis(run)["total_cost_usd"])
    assert cost[0] != cost[1]
    assert summary["difference"]["total_cost_usd"] == pytest.approx(cost[0] - cost[1])
    assert Path("spt/branch.png").stat().st_size > 10_000
    past = np.linspace(0.0, summary["branch_min"], 500)
    for curve in (overdue_usd, wip_pieces):
        np.testing.assert_array_equal(curve(run, past), curve(branch, past))
    future = np.linspace(summary["branch_min"], run.end_min, 500)
    assert not np.array_equal(wip_pieces(run, future), wip_pieces(branch, future))


def test_overdue_is_the_value_between_due_date_and_shipment(main: Main) -> None:
    log = load_log("atcs/log")
    orders = log.tables["orders"]
    for at_min in (5 * DAY, 9 * DAY, log.end_min):
        here = ~(orders["shipped_min"] <= at_min)
        due = orders["due_min"] <= at_min
        value = (orders["quantity"] * orders["price_usd"])[here & due].sum()
        assert overdue_usd(log, np.array([at_min]))[0] == pytest.approx(value)


def test_fresh_luck_repeats_by_its_seed_and_can_be_branched_again(main: Main) -> None:
    words = ("branch=atcs@4 10:00", "agent=spt", "pictures=false", "luck=fresh")
    code, first, err = main(*words, "hydra.run.dir=fresh1")
    assert code == 0, err
    assert first["fresh_seed"] == 6  # the run's seed + 1
    assert "luck as well as policy" in err
    _, again, _ = main(*words, "fresh_seed=6")
    _, other, _ = main(*words, "fresh_seed=7")
    assert again["total_cost_usd"] == first["total_cost_usd"] != other["total_cost_usd"]
    _, second, _ = main("branch=fresh1@8 10:00", "agent=spt", "pictures=false")
    assert set(second["difference"].values()) == {0.0}


def test_a_run_of_an_own_book_is_branched_without_its_file(main: Main) -> None:
    Path("book.csv").write_text(BOOK)
    main("plant=small", "agent=edd", "orders=book.csv", "pictures=false", "hydra.run.dir=own")
    Path("book.csv").unlink()
    code, summary, err = main("branch=own@2026-03-04 08:30", "agent=edd", "pictures=false",
                              "hydra.run.dir=own2")  # fmt: skip
    assert code == 0, err
    assert summary["branch_text"] == "Wed 04 Mar 2026 08:30"
    assert set(summary["difference"].values()) == {0.0}
    _, again, _ = main("branch=own2@2026-03-05 10:00", "agent=edd", "pictures=false")
    assert set(again["difference"].values()) == {0.0}
    code, _, err = main("branch=own@2027-03-04 10:00")
    assert code == 2
    assert "must lie within the run; got Thu 04 Mar 2027 10:00; Mon 02 Mar 2026 00:00 to" in err


def test_a_branch_after_the_last_question_says_that_nothing_can_change(main: Main) -> None:
    last = minute_text(load_log("atcs/log").end_min // 1.0, None)
    day, time = last.split()[1], last.split()[-1]
    code, summary, err = main(f"branch=atcs@{day} {time}", "agent=spt", "pictures=false")
    assert code == 0
    assert "nothing can change" in err
    assert set(summary["difference"].values()) == {0.0}


def test_a_folder_may_have_any_name(main: Main) -> None:
    copied("my runs (1), old")
    code, summary, err = main("branch=my runs (1), old@4 10:00", "agent=edd", "pictures=false")
    assert code == 0, err
    assert summary["branch_of"] == "my runs (1), old"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("branch=nowhere@4 10:00",), "nowhere: folder: must be a run folder"),
        (("branch=atcs",), "must name a run folder and a minute of it"),
        (("branch=atcs@4",), "must be a day and a time of day"),
        (("branch=atcs@-1 10:00",), "must lie within the run"),
        (("branch=atcs@90 10:00",), "must lie within the run; got day 90"),
        (("branch=atcs@4 10:00", "luck=bad"), "luck: must be same or fresh"),
        (("branch=atcs@4 10:00", "fresh_seed=7"), "is used with luck=fresh only"),
        (("branch=atcs@4 10:00", "luck=fresh", "fresh_seed=-7"), "fresh_seed: must be a whole"),
        (("luck=fresh",), "fresh luck needs a branch"),
        (("branch=atcs@4 10:00", "agent=atsc"), "did you mean atc"),
        (("branch=atcs@4 10:00", "scenario.demand.load=1.1"), "can not be set beside branch="),
        (("branch=atcs@4 10:00", "plant=small"), "plant: can not be set beside branch="),
        (("branch=atcs@4 10:00", "disruptions=rough"), "can not be set beside branch="),
        (("branch=atcs@4 10:00", "seed=5"), "for another future: luck=fresh"),
        (("branch=atcs@4 10:00", "orders=book.csv"), "orders: can not be set beside branch="),
    ],
)
def test_what_can_not_be_branched_ends_with_2_and_leaves_nothing(
    main: Main, words: tuple[str, ...], message: str
) -> None:
    before = sorted(Path().rglob("*"))
    code, _, err = main(*words)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert sorted(Path().rglob("*")) == before


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("spoil", "messages"),
    [
        (lambda f: shutil.rmtree(f / "log"), ["log.json is missing"]),
        (lambda f: edited(f / "log" / "log.json", '"log_version": ', '"log_version": 9'),
         ["log version must be"]),
        (lambda f: (f / "log" / "decisions.parquet").unlink(), ["decisions.parquet is missing"]),
        (lambda f: (f / "run.json").unlink(), ["run.json: file: must be there"]),
        (lambda f: (f / "run.json").write_text("{"), ["run.json: file: must be as simulate.py"]),
        (lambda f: edited(f / "run.json", '"record_version": 1', '"record_version": 0'),
         ["run.json: file: must be of version 1; got 0"]),
        (lambda f: (f / "config.yaml").write_text("a: [1"), ["config.yaml: file: must be as"]),
        (lambda f: edited(f / "config.yaml", "load: 1.3", "load: -1.3"),
         ["config.yaml: demand.load", "give a number"]),
        (lambda f: (edited(f / "config.yaml", "load: 1.3", "load: 1.4"),
                    edited(f / "config.yaml", "presses: ", "presses: 9")),
         ["config.yaml: scenario.demand.load: must be as it was in the run; got 1.4; the run had "
          "1.3", "config.yaml: plant.rooms.presses: must be as it was in the run"]),
        (lambda f: ((f / "run.json").unlink(), shutil.rmtree(f / "log")),
         ["log.json is missing", "run.json: file: must be there"]),
        (lambda f: edited(f / "run.json", '"seed": 5', '"seed": 6'),
         ["the replay differs from the record"]),
    ],
)  # fmt: skip
def test_a_spoiled_run_folder_is_refused_with_every_reason(
    main: Main, request: pytest.FixtureRequest, spoil, messages: list[str]
) -> None:
    folder = copied(f"spoiled-{abs(hash(request.node.name))}")
    spoil(folder)
    code, _, err = main(f"branch={folder}@4 10:00", "agent=edd", "hydra.run.dir=refused")
    assert code == 2
    for message in messages:
        assert message in err
    assert "Traceback" not in err
    assert not Path("refused").exists()


def test_everything_wrong_with_a_branch_is_reported_together(main: Main) -> None:
    code, _, err = main("branch=atcs@4", "agent=atsc", "seed=3", "luck=bad", "pictures=7")
    assert code == 2
    for words in ("must be a day and a time of day", "did you mean atc", "seed: can not be set",
                  "luck: must be same or fresh", "pictures: must be true or false"):  # fmt: skip
        assert words in err
