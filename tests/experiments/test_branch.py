"""Branches of logged runs: same past, another future; and every reason to refuse one."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.simulate import task
from experiments.simulating.branch import Branch
from experiments.simulating.branch_point import minute_text, point_min, split_branch
from experiments.simulating.branch_report import overdue_usd, wip_pieces
from experiments.simulating.options import SimulateOptions
from experiments.simulating.start import start_from
from factory_env.door.gather import Gather
from factory_env.errors import ArtifactError, InputError
from factory_env.kpi.table import kpis
from factory_env.logfile import load_log
from factory_env.presets import CONF
from tests.conftest import ROOT
from tests.door.styles.own_files import write_files

DAY = 1440.0
MONDAY = date(2026, 3, 2)
SHORT = {
    "scenario__horizon_days": 12,
    "scenario__demand__days": 10,
    "scenario__demand__load": 1.3,
    "scenario__demand__size_median": 500,
    "scenario__demand__booking_lead_days": [0, 4],
}
BOOK = (
    "order_id,style,quantity,release,due,price,priority,customer\n"
    "A,tee,900,2026-03-02,2026-03-12,2.6,1,N\nB,polo-02,700,2026-03-03,2026-03-09,4,2,N\n"
    "C,shirt,600,2026-03-04,2026-05-20,6.5,1,N\nD,tee,800,2026-03-04,2026-03-10,2.6,1,N\n"
    "E,tee,500,2026-03-04,2026-03-06,2.6,1,N\n"
)
Played = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture(scope="module")
def config() -> DictConfig:
    """conf/simulate.yaml as it stands."""
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        return compose("simulate", overrides=["plant=small"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, config: DictConfig) -> Iterator[Path]:
    """A folder with a run ``atcs`` of 12 working days; the working directory of the module."""
    folder, before = tmp_path_factory.mktemp("branches"), Path.cwd()
    os.chdir(folder)
    simulated(changed(config, **SHORT, agent="atcs_match", seed=5, pictures=False), "atcs")
    yield folder
    os.chdir(before)


def changed(config: DictConfig, **values: Any) -> DictConfig:
    """A copy of a config with other values; __ stands for a dot."""
    cfg = OmegaConf.create(OmegaConf.to_container(config))
    for key, value in values.items():
        OmegaConf.update(cfg, key.replace("__", "."), value)
    return cfg


def simulated(cfg: DictConfig, folder: str) -> str:
    """What simulate's task leaves in ``folder``, as the last line says it."""
    gather, plain = Gather(), OmegaConf.to_container(cfg, resolve=True)
    run = RunFolder(Path("runs"), plain, exact=Path(folder))
    return run.finish(task(read_options(SimulateOptions, plain, gather), run, gather))


def branch_of(cfg: DictConfig, words: Sequence[str] = ()) -> Branch | None:
    """The branch that a config asks for."""
    gather, plain = Gather(), OmegaConf.to_container(cfg, resolve=True)
    options = read_options(SimulateOptions, {**plain, "words": words}, gather)
    gather.done()
    return start_from(options).branch


@pytest.fixture
def play(runs: Path, config: DictConfig, capfd: pytest.CaptureFixture[str]) -> Played:
    """Runs simulate's task without pictures; returns summary and stderr."""

    def run(folder: str, **values: Any) -> tuple[dict[str, Any], str]:
        cfg = changed(config, **{"pictures": False, **values})
        return json.loads(simulated(cfg, folder)), capfd.readouterr().err

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


def test_a_branch_under_the_same_agent_leaves_the_same_log(play: Played) -> None:
    summary, _ = play("again", branch="atcs@4 10:00", agent="atcs_match")
    names = sorted(p.name for p in Path("atcs/log").iterdir())
    assert filecmp.cmpfiles("atcs/log", "again/log", names, shallow=False)[0] == names
    assert (summary["branch_min"], summary["branch_text"]) == (4 * DAY + 600.0, "day 4 (Fri) 10:00")
    assert summary["original"] == kpis(load_log("atcs/log"))
    assert set(summary["difference"].values()) == {0.0}
    assert (summary["plant"], summary["seed"]) == ("small", 5)


@pytest.mark.slow
def test_a_branch_under_another_agent_shares_the_past_and_is_drawn_beside_the_run(
    play: Played,
) -> None:
    summary, _ = play("spt", branch="atcs@tue 10:00", agent="spt", pictures=True)
    run, branch = load_log("atcs/log"), load_log("spt/log")
    assert (summary["agent"], summary["original_agent"]) == ("spt", "atcs_match")
    costs = [kpis(log)["total_cost_usd"] for log in (branch, run)]
    assert summary["total_cost_usd"] == pytest.approx(costs[0])
    assert summary["original"]["total_cost_usd"] == costs[1] != costs[0]
    assert summary["difference"]["total_cost_usd"] == costs[0] - costs[1]
    assert Path("spt/branch.png").stat().st_size > 10_000
    past = np.linspace(0.0, summary["branch_min"], 500)
    for curve in (overdue_usd, wip_pieces):
        np.testing.assert_array_equal(curve(run, past), curve(branch, past))
    future = np.linspace(summary["branch_min"], run.end_min, 500)
    assert not np.array_equal(wip_pieces(run, future), wip_pieces(branch, future))


def test_overdue_is_the_value_between_due_date_and_shipment(runs: Path) -> None:
    log = load_log("atcs/log")
    orders = log.tables["orders"]
    value = orders["quantity"] * orders["price_usd"]
    found = []
    for at_min in (5 * DAY, 9 * DAY, log.end_min):
        here = ~(orders["shipped_min"] <= at_min) & (orders["due_min"] <= at_min)
        found.append(float(value[here].sum()))
        assert overdue_usd(log, np.array([at_min]))[0] == pytest.approx(found[-1])
    assert max(found) > 0.0


@pytest.mark.slow
def test_fresh_luck_repeats_by_its_seed_and_can_be_branched_again(play: Played) -> None:
    words = {"branch": "atcs@4 10:00", "agent": "spt", "luck": "fresh"}
    first, err = play("fresh", **words)
    assert first["fresh_seed"] == 6  # the run's seed + 1
    assert "luck as well as policy" in err
    again, _ = play("fresh6", **words, fresh_seed=6)
    other, _ = play("fresh7", **words, fresh_seed=7)
    assert again["total_cost_usd"] == first["total_cost_usd"] != other["total_cost_usd"]
    second, _ = play("second", branch="fresh@8 10:00", agent="spt")
    assert set(second["difference"].values()) == {0.0}


def test_a_run_of_an_own_book_is_branched_without_its_file(play: Played) -> None:
    Path("book.csv").write_text(BOOK)
    play("own", agent="edd", orders="book.csv")
    Path("book.csv").unlink()
    summary, _ = play("own2", branch="own@2026-03-04 08:30", agent="edd")
    assert summary["branch_text"] == "Wed 04 Mar 2026 08:30"
    assert set(summary["difference"].values()) == {0.0}
    again, _ = play("own3", branch="own2@2026-03-05 10:00", agent="edd")
    assert set(again["difference"].values()) == {0.0}
    with pytest.raises(InputError, match="got Thu 04 Mar 2027 10:00; Mon 02 Mar 2026 00:00 to"):
        play("own4", branch="own@2027-03-04 10:00")


def test_a_run_of_own_styles_and_bulletins_is_branched_without_their_files(play: Played) -> None:
    styles, lists = write_files(Path.cwd())
    Path("styled.csv").write_text(BOOK.replace("polo-02", "AB-200").replace("shirt", "AB-100"))
    given = {"orders": "styled.csv", "styles": styles, "bulletins": lists}
    _, said = play("styled", agent="edd", **given)
    assert "new product bomber" in said
    shutil.rmtree(lists)
    Path(styles).unlink()
    summary, _ = play("styled2", branch="styled@2026-03-04 08:30", agent="edd")
    assert set(summary["difference"].values()) == {0.0}
    again, _ = play("styled3", branch="styled2@2026-03-05 10:00", agent="atcs", luck="fresh")
    assert again["finished"]


def test_a_branch_after_the_last_question_says_that_nothing_can_change(play: Played) -> None:
    last = minute_text(load_log("atcs/log").end_min // 1.0, None)
    day, time = last.split()[1], last.split()[-1]
    summary, err = play("late", branch=f"atcs@{day} {time}", agent="spt")
    assert "nothing can change" in err
    assert set(summary["difference"].values()) == {0.0}


def start(*argv: str) -> subprocess.CompletedProcess[str]:
    """simulate.py as a user starts it."""
    program = [sys.executable, str(ROOT / "experiments" / "simulate.py"), *argv]
    return subprocess.run(program, capture_output=True, text=True, timeout=120)


def test_a_branch_is_started_from_the_command_line_whatever_the_folders_name(runs: Path) -> None:
    copied("my runs (1), old")
    done = start("branch=my runs (1), old@4 10:00", "agent=edd", "pictures=false")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["branch_of"] == "my runs (1), old"


@pytest.mark.slow
def test_everything_wrong_with_a_branch_is_reported_together_and_nothing_is_left(
    runs: Path,
) -> None:
    before = sorted(Path().rglob("*"))
    done = start(
        "branch=atcs@4",
        "agent=atsc",
        "seed=3",
        "luck=bad",
        "pictures=7",
        "scenario.demand.load=1.1",
    )
    assert (done.returncode, done.stdout) == (2, "")
    for words in (
        "6 problems",
        "must be a day and a time of day",
        "did you mean atc",
        "seed: can not be set",
        "luck: must be same or fresh",
        "pictures: must be true or false",
        "scenario.demand.load: can not",
    ):
        assert words in done.stderr
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"branch": "nowhere@4 10:00"}, "nowhere: folder: must be a run folder"),
        ({"branch": "atcs"}, "must name a run folder and a minute of it"),
        ({"branch": "atcs@4"}, "must be a day and a time of day"),
        ({"branch": "atcs@-1 10:00"}, "must lie within the run"),
        ({"branch": "atcs@90 10:00"}, "must lie within the run; got day 90"),
        ({"branch": "atcs@4 10:00", "luck": "bad"}, "luck: must be same or fresh"),
        ({"branch": "atcs@4 10:00", "fresh_seed": 7}, "is used with luck=fresh only"),
        ({"branch": "atcs@4 10:00", "luck": "fresh", "fresh_seed": -7}, "must be a whole number"),
        ({"luck": "fresh"}, "fresh luck needs a branch"),
    ],
)
def test_what_can_not_be_branched_is_refused(
    runs: Path, config: DictConfig, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        branch_of(changed(config, **values))


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("scenario.demand.load=1.1", "scenario.demand.load: can not be set beside branch="),
        ("plant=small", "plant: can not be set beside branch="),
        ("+plant.rooms.presses=9", "plant.rooms.presses: can not be set beside branch="),
        ("disruptions=rough", "leave it out, or run simulate.py without branch="),
        ("seed=5", "for another future: luck=fresh"),
        ("orders=book.csv", "orders: can not be set beside branch="),
    ],
)
def test_a_branch_takes_no_other_scenario_orders_or_seed(
    runs: Path, config: DictConfig, word: str, message: str
) -> None:
    free = ["+late_.agent=edd", "++params.k1=2", "luck=same", "hydra.run.dir=x", "pictures=false"]
    cfg = changed(config, branch="atcs@4 10:00")
    with pytest.raises(InputError, match=re.escape(message)) as error:
        branch_of(cfg, [*free, word])
    assert len(error.value.problems) == 1
    assert branch_of(cfg, free) is not None


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("spoil", "messages"),
    [
        (lambda f: shutil.rmtree(f / "log"), ["log.json is missing"]),
        (
            lambda f: edited(f / "log" / "log.json", '"log_version": ', '"log_version": 9'),
            ["log version must be"],
        ),
        (lambda f: (f / "log" / "decisions.parquet").unlink(), ["decisions.parquet is missing"]),
        (lambda f: (f / "run.json").unlink(), ["run.json: file: must be there"]),
        (lambda f: (f / "run.json").write_text("{"), ["run.json: file: must be as simulate.py"]),
        (
            lambda f: edited(f / "run.json", '"record_version": 1', '"record_version": 0'),
            ["run.json: file: must be of version 1; got 0"],
        ),
        (lambda f: (f / "config.yaml").write_text("a: [1"), ["config.yaml: file: must be as"]),
        (
            lambda f: edited(f / "config.yaml", "load: 1.3", "load: -1.3"),
            ["config.yaml: demand.load", "give a number"],
        ),
        (
            lambda f: (
                edited(f / "config.yaml", "load: 1.3", "load: 1.4"),
                edited(f / "config.yaml", "presses: ", "presses: 9"),
            ),
            [
                "config.yaml: scenario.demand.load: must be as it was in the run; got 1.4; "
                "the run had 1.3",
                "config.yaml: plant.rooms.presses: must be as it was in the run",
            ],
        ),
        (
            lambda f: ((f / "run.json").unlink(), shutil.rmtree(f / "log")),
            ["log.json is missing", "run.json: file: must be there"],
        ),
    ],
)
def test_a_spoiled_run_folder_is_refused_with_every_reason(
    runs: Path, config: DictConfig, tmp_path: Path, spoil, messages: list[str]
) -> None:
    folder = Path(shutil.copytree("atcs", tmp_path / "spoiled"))
    cfg = changed(config, branch=f"{folder}@4 10:00")
    assert branch_of(cfg) is not None
    spoil(folder)
    with pytest.raises(InputError) as error:
        branch_of(cfg)
    for message in messages:
        assert message in str(error.value)


def test_a_log_that_another_seed_made_is_found_out_by_the_replay(play: Played) -> None:
    edited(copied("other_seed") / "run.json", '"seed": 5', '"seed": 6')
    with pytest.raises(ArtifactError, match="the replay differs from the record"):
        play("refused", branch="other_seed@4 10:00", agent="edd")
    assert not Path("refused").exists()
