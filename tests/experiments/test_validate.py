"""Validation: every check at a small size, the page, the seam, and wrong settings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.command.run_folder import ROOT, RunFolder
from experiments.validate import task
from experiments.validating import checks, running
from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.checks import uci_days
from experiments.validating.checks.aql import AqlCurves
from experiments.validating.checks.flow_shops import FlowShops, Shop, textbook_ends
from experiments.validating.checks.forks import Forks, same_log
from experiments.validating.checks.littles_law import LittlesLaw, rate_times_stay, watched_run
from experiments.validating.checks.missing_operators import MissingOperators
from experiments.validating.checks.monotonicity import Monotonicity, plans
from experiments.validating.checks.queues import QUEUES, Queues, kiefer_wolfowitz, waits
from experiments.validating.checks.rush import PIECES, Rate, Rush
from experiments.validating.checks.steady_line import SteadyLine
from experiments.validating.checks.twin import Twin
from experiments.validating.checks.uci_days import UciDays
from experiments.validating.options import ValidateOptions
from experiments.validating.page import page_text
from experiments.validating.toy import toy_line, toy_order, toy_product, toy_scenario
from factory_env import Factory
from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.learning import LearningClass
from factory_env.door.gather import Gather
from factory_env.errors import InputError

NAMES = plug_names(checks)


class Toy:
    """A check that finds what it is told."""

    title, place, seconds, keys = "A toy", 1, 1.0, ("toy_key",)

    def __init__(self, needs_data: bool = False, met: bool | None = True) -> None:
        self.needs_data = needs_data
        self.met = met

    def run(self, context: Context) -> CheckResult:
        context.progress(1.0)
        return CheckResult(
            what="What it is.",
            how="How it is done.",
            expected="Nothing | much.",
            found="A lot, 5% more.\n\n| a |\n|---|\n| 1 |",
            figures=(
                Figure(
                    key="toy_key",
                    what="toys | dolls",
                    target="1",
                    measured="1",
                    value=1,
                    met=self.met,
                ),
                Figure(
                    key="toy_part",
                    what="part",
                    target="2",
                    measured="2",
                    value=2,
                    met=self.met,
                    part_of="toy_group",
                ),
            ),
            pictures=(Picture(file=context.pictures / "toy.png", caption="A picture."),),
        )


def checked(check: Any, tmp_path: Path, data_dir: Path | None = None) -> CheckResult:
    """A check's result; every picture it names is there."""
    shares: list[float] = []
    context = Context(pictures=tmp_path, data_dir=data_dir, progress=shares.append)
    result = check.run(context)
    assert {f.key for f in result.figures} == set(check.keys)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    for picture in result.pictures:
        assert picture.file.stat().st_size > 5_000
        assert picture.caption
    assert all((result.what, result.how, result.expected, result.found))
    return result


@pytest.mark.parametrize("name", NAMES)
def test_every_check_says_what_it_will_give(name: str) -> None:
    plug = load_plug(checks, name)()
    assert plug.title
    assert plug.keys
    assert plug.seconds > 0.0
    assert plug.needs_data in (True, False)


def test_no_two_checks_share_a_place_or_a_key() -> None:
    plugs = [load_plug(checks, name) for name in NAMES]
    keys = [key for plug in plugs for key in plug.keys]
    assert len(set(keys)) == len(keys)
    assert len({plug.place for plug in plugs}) == len(plugs)


def test_exact_queue_values_round_to_the_reference_table() -> None:
    for queue in QUEUES:
        assert queue.wait_min == pytest.approx(queue.table_wait_min, abs=0.00051)
        assert queue.waiting == pytest.approx(queue.table_waiting, abs=0.000051)


def test_waits_at_the_real_station_are_those_of_two_servers_by_hand() -> None:
    # lots at 1, 2, 3 and 4 with 5 minutes of work each, two servers: both are taken until 6 and
    # 7, so the third waits 3 and the fourth 3
    arrival, service = np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 5.0)
    assert waits(arrival, service, 2) == pytest.approx([0.0, 0.0, 3.0, 3.0])
    assert kiefer_wolfowitz(arrival, service, 2) == pytest.approx([0.0, 0.0, 3.0, 3.0])


@pytest.mark.slow
def test_few_lots_give_wide_intervals_that_hold_the_theory(tmp_path: Path) -> None:
    result = checked(
        Queues(lots=3_000, warm_up=500, replications=4, long_lots=10_000, long_replications=10),
        tmp_path,
    )
    by_key = {f.key: f for f in result.figures}
    assert by_key["queue_each_wait_max_difference_min"].met
    assert "± " in result.found


@pytest.mark.slow
def test_a_station_that_is_too_slow_is_noticed(tmp_path: Path, monkeypatch: Any) -> None:
    # every lot takes 1.1 minutes instead of 1: at load .8 the mean wait grows by far more
    from experiments.validating.checks import queues

    real = queues.waits
    monkeypatch.setattr(queues, "waits", lambda a, s, c: real(a, s * 1.1, c))
    result = Queues(
        lots=4_000, warm_up=1_000, replications=8, long_lots=2_000, long_replications=5
    ).run(Context(pictures=tmp_path))
    assert result.met is False


def test_littles_law_holds_on_the_small_plant(tmp_path: Path) -> None:
    assert checked(LittlesLaw(plants=("small",)), tmp_path).met


def test_littles_law_notices_a_log_that_is_wrong(short) -> None:
    log, found = watched_run(short.replace(horizon_days=30))
    assert log.finished
    log.tables["lots"]["pressed_min"][:] += 5.0
    counted = found["pressing"].area_min / log.end_min
    assert abs(rate_times_stay(log, "pressing") / counted - 1.0) > 0.01


def test_a_hand_computed_flow_shop_goes_through_a_whole_factory() -> None:
    # job 0: 2 then 3, job 1: 4 then 1. Order 0, 1: machine 1 ends 2, 6; machine 2 ends 5, 7.
    # Order 1, 0: machine 1 ends 4, 6; machine 2 ends 5, 9
    shop = Shop(np.array([[2, 3], [4, 1]]))
    assert shop.ends(np.array([0, 1])).tolist() == [5.0, 7.0]
    assert shop.ends(np.array([1, 0])).tolist() == [9.0, 5.0]


def test_setups_of_each_machine_go_through_a_whole_factory() -> None:
    # order 0, 1: machine 1 needs 10 between them and machine 2 needs 1: machine 1 ends 2 and
    # 2 + 10 + 4 = 16; machine 2 ends 5, is set up at 6, and sews 16 to 17
    setups = np.array([[[0, 10], [20, 0]], [[0, 1], [30, 0]]])
    shop = Shop(np.array([[2, 3], [4, 1]]), setups)
    assert shop.ends(np.array([0, 1])).tolist() == [5.0, 17.0]
    # order 1, 0: machine 1 ends 4 and 4 + 20 + 2 = 26; machine 2 ends 5, is set up at 35, ends 38
    assert shop.ends(np.array([1, 0])).tolist() == [38.0, 5.0]
    assert textbook_ends(shop.times, setups, np.array([1, 0])).tolist() == [38.0, 5.0]


def test_random_flow_shops_with_setups_equal_the_recursion() -> None:
    rng = np.random.default_rng(5)
    times, setups = rng.integers(0, 50, (7, 4)), rng.integers(0, 60, (4, 7, 7))
    shop = Shop(times, setups)
    for _ in range(5):
        sequence = rng.permutation(7)
        assert shop.ends(sequence).tolist() == textbook_ends(times, setups, sequence).tolist()


def test_the_first_instances_are_equal(tmp_path: Path, data_dir: Path) -> None:
    result = checked(FlowShops(most=1, random_permutations=1), tmp_path, data_dir)
    assert result.met
    assert [f.measured for f in result.figures] == ["4 of 4", "4 of 4"]


def test_audits_accept_as_the_standard_says(tmp_path: Path) -> None:
    assert checked(AqlCurves(lots=5_000), tmp_path).met


def test_audits_that_accept_too_much_are_noticed(tmp_path: Path, monkeypatch: Any) -> None:
    from experiments.validating.checks import aql

    real = aql.accepted_share
    monkeypatch.setattr(
        aql, "accepted_share", lambda rng, n, share, lots, a: real(rng, n, share * 0.95, lots, a)
    )
    assert AqlCurves(lots=20_000).run(Context(pictures=tmp_path)).met is False


def test_the_reference_rates_of_the_rush_are_those_of_the_domain_reference() -> None:
    curve = LearningClass(name="semi", e_0=0.38, e_max=0.70, tau_days=2.0)
    rate = Rate(curve=curve, settled_a_day=40 * 480 * 0.70 / 11.08)
    # 40 x 480 x .38 / 11.08 = 658; the reference's next days: 877 and 1,009
    assert [round(rate.day(d)) for d in range(3)] == [658, 877, 1009]
    # and 2,000 - 658 - 877 = 465 of 1,009 on the third day: 2.46 days
    assert 2.0 + (PIECES - rate.day(0) - rate.day(1)) / rate.day(2) == pytest.approx(2.46, abs=0.01)
    assert rate.pieces(rate.days(1234.0)) == pytest.approx(1234.0)


def test_the_rush_is_inside_the_spread(tmp_path: Path) -> None:
    assert checked(Rush(), tmp_path).met


def test_a_missing_tenth_is_inside_the_spread(tmp_path: Path) -> None:
    assert checked(MissingOperators(draws=20, pieces=4_000), tmp_path).met


def test_a_deterministic_line_follows_the_formula(tmp_path: Path) -> None:
    assert checked(SteadyLine(), tmp_path).met


def test_all_plans_of_equal_lines_are_tried_once() -> None:
    # ways to put 3 orders into at most 2 unordered rows: 3! in one row, and 3 x 2 with two rows
    assert len(set(plans(3, 1))) == len(list(plans(3, 1))) == 6
    assert len(set(plans(3, 2))) == len(list(plans(3, 2))) == 6 + 6
    assert len(list(plans(4, 3))) == 24 + 36 + 12  # Lah numbers of 4


def test_an_easier_life_never_worsens_the_optimum(tmp_path: Path) -> None:
    result = checked(Monotonicity(books=2, orders=3), tmp_path)
    assert result.figures[0].value == 0


def test_the_compiled_line_equals_its_twin(tmp_path: Path) -> None:
    assert checked(Twin(cases=5, days=10), tmp_path).met


def test_calm_forks_equal_the_straight_run(tmp_path: Path, monkeypatch: Any) -> None:
    from experiments.validating.checks import forks

    monkeypatch.setattr(forks, "VARIANTS", (("default", "calm"),))
    result = checked(Forks(days=12, shares=(0.3, 0.7)), tmp_path)
    assert result.met
    assert result.figures[0].measured == "2 of 2"


def measured_days(pictures: Path, **changes: float) -> dict[str, Any]:
    """What the check of team-days gets when everything is as it should be, but for changes."""
    good = {
        "uci_mean": 0.72,
        "uci_sd": 0.15,
        "uci_q05": 0.40,
        "uci_lag1": 0.6,
        "uci_style_drop": 0.2,
        "uci_recovery_days": 3.0,
        "uci_wasserstein": 0.03,
        "uci_wasserstein_real": 0.02,
    }
    texts = dict.fromkeys(("what", "how", "expected", "found"), "Text.")
    return {**good, **changes, **texts, "pictures": [(pictures / "a.png", "Days.")]}


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"uci_mean": 0.68, "uci_q05": 0.46}, ["uci_mean", "uci_q05"]),
        ({"uci_wasserstein": 0.0301}, ["uci_wasserstein"]),
    ],  # more than 1.5 x 0.02
)
def test_team_days_are_judged_by_the_bands(
    tmp_path: Path, monkeypatch: Any, changes: dict[str, float], missed: list[str]
) -> None:
    monkeypatch.setattr(
        uci_days, "uci_check", lambda data, pictures: measured_days(pictures, **changes)
    )
    result = UciDays().run(Context(pictures=tmp_path, data_dir=tmp_path))
    assert [f.key for f in result.figures if not f.met] == missed
    assert result.pictures[0].file == tmp_path / "a.png"


def test_logs_that_differ_in_one_cost_or_one_cell_differ() -> None:
    product = toy_product("tee", [1.0])
    toy = toy_scenario([toy_line("only", 1, [product])], [product], 3)

    def log():
        factory = Factory(toy, 0, orders=[toy_order("A", "tee", 100, due_min=1e5)])
        assert factory.advance() is None
        return factory.log()

    assert same_log(log(), log())
    other = log()
    other.tables["orders"]["shipped_min"][0] = np.nextafter(
        other.tables["orders"]["shipped_min"][0], np.inf
    )
    assert not same_log(log(), other)


def results(tmp_path: Path, **toys: Toy) -> running.Results:
    context = Context(pictures=tmp_path / "pictures")
    return {name: (toy, toy.run(context)) for name, toy in toys.items()}


def test_the_page_shows_keys_texts_numbers_and_pictures(tmp_path: Path) -> None:
    text = page_text(results(tmp_path, toy=Toy()), tmp_path)
    assert "**2 of 2 targets are met.**" in text
    assert "| `toy_key` | toys \\| dolls | 1 | 1 | yes |" in text
    group = "| `toy_group` | all figures marked ↳ | all inside the stated spread | 1 of 1 | yes |"
    assert group in text
    assert text.index(group) < text.index("| ↳ `toy_part` |")
    assert "## A toy" in text
    assert "*Found:* A lot, 5 % more. **Verdict: met.**" in text
    assert "<details><summary>Numbers</summary>\n\n| a |\n|---|\n| 1 |" in text
    assert "![A picture.](pictures/toy.png)" in text


def test_the_page_does_not_hide_what_was_missed(tmp_path: Path) -> None:
    found = results(tmp_path, toy=Toy(met=False))
    text = page_text(found, tmp_path)
    assert "**0 of 2 targets are met.**" in text
    assert "Not met: `toy_key`, `toy_part`." in text
    assert "**Verdict: not met.**" in text
    assert running.summary(found)["missed"] == ["toy_key", "toy_part"]
    assert running.summary(found)["toy_group"] is False


def test_a_check_without_its_data_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    toys = {"one": Toy, "two": lambda: Toy(needs_data=True)}
    monkeypatch.setattr(running, "load_plug", lambda package, name: toys[name])
    found = running.run_checks(("one", "two"), None, tmp_path / "new" / "pictures")
    said = "no data at ../shared/data beside the project"
    text = page_text(found, tmp_path)
    assert f"**Not run: A toy** (`toy_key`): {said}." in text
    assert f"not run: {said}" in text
    summary = running.summary(found)
    assert summary["not_run"] == ["two"]
    assert summary["targets"] == 2


def test_checks_are_run_in_the_order_of_the_page() -> None:
    names = running.chosen(None)
    assert sorted(names) == sorted(NAMES)
    places = [load_plug(checks, name).place for name in names]
    assert places == sorted(places)
    assert running.chosen(["rush", "queues"]) == ("queues", "rush")
    assert running.chosen("aql") == ("aql",)


def test_wrong_settings_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    options = ValidateOptions(only=("queue", "aql", "rusch"), data_dir=str(tmp_path / "empty"))
    with pytest.raises(InputError) as caught:
        task(options, RunFolder(tmp_path, {}), Gather())
    text = str(caught.value)
    assert "3 problems" in text
    assert "got 'queue'; try queues" in text
    assert "got 'rusch'; try rush" in text
    assert "without scheduling and garment_productivity" in text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"only": [], "data_dir": None}, "must name a check"),
        ({"only": "aql", "data_dir": "no/such/folder"}, "data_dir: must be a folder"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        task(ValidateOptions(**settings), RunFolder(tmp_path, {}), Gather())


def start(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "experiments" / "validate.py"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
def test_the_main_runs_some_checks_and_leaves_the_page_in_the_run_folder(tmp_path: Path) -> None:
    done = start("only=[steady_line,rush]", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["reference_answers"] is True
    assert summary["missed"] == []
    folder = tmp_path / summary["run_folder"]
    assert "## A rush of 2,000 polos" in (folder / "validation.md").read_text("utf-8")
    assert (folder / "pictures" / "validation" / "rush.png").is_file()
    assert json.loads((folder / "summary.json").read_text()) == summary


@pytest.mark.slow
def test_the_main_refuses_wrong_settings_and_writes_nothing(tmp_path: Path) -> None:
    done = start("only=[queue]", "data_dir=nowhere", folder=tmp_path)
    assert done.returncode == 2
    assert "try queues" in done.stderr
    assert "data_dir: must be a folder; got nowhere" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_sequence_without_a_flow_shop_is_refused(tmp_path: Path) -> None:
    done = start("sequence=order.txt", folder=tmp_path)
    assert done.returncode == 2
    assert "flow_shop: must be given" in done.stderr
