"""``compare(policies={...})``: what a script or a notebook gets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from experiments.building.order_book import long_enough
from experiments.evaluating.policy_comparison import PolicyComparison
from factory_env import Order, load_scenario, simulate
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from seamline import compare
from tests.conftest import ROOT
from tests.experiments.own_policies import write_policies

SHORT = {"horizon_days": 12, "demand.days": 6}
SEEDS = (5, 6, 9)
DAY = 1440.0


class First:
    """Takes what came first."""

    def choose(self, decision):
        return 1


class Broken:
    """Never answers."""

    def choose(self, decision):
        raise RuntimeError("<b>no idea</b>")


class Slow(First):
    """Is never there."""

    def __init__(self):
        time.sleep(60.0)


@pytest.fixture(scope="module")
def comparison() -> PolicyComparison:
    policies = {"mine": First, "edd": "edd", "broken": Broken(), "second": lambda decision: 1}
    with pytest.warns(UserWarning, match="broken raised: seed 5: RuntimeError"):
        return compare(policies, plant="small", overrides=SHORT, seeds=SEEDS)


def test_the_table_holds_the_means_of_the_runs(comparison: PolicyComparison) -> None:
    scenario = load_scenario("small", overrides=SHORT)
    costs = [kpis(simulate(scenario, First(), seed))["total_cost_usd"] for seed in SEEDS]
    table = comparison.table
    assert set(table.index) == {"mine", "edd", "second"}
    assert table.loc["mine", "total_cost_usd"] == pytest.approx(np.mean(costs))
    assert comparison.by_seed.loc[("mine", 9), "total_cost_usd"] == costs[2]
    assert table["total_cost_usd"].is_monotonic_increasing
    assert table["more_usd"].iloc[0] == 0.0


def test_differences_are_paired_seed_by_seed(comparison: PolicyComparison) -> None:
    same = comparison.differences(to="second")
    assert (same.loc["mine"][[c for c in same if "difference" in c]] == 0.0).all()
    late = comparison.differences("edd", "tardiness_cost_usd").loc["mine"]
    columns = comparison.by_seed["tardiness_cost_usd"]
    paired = columns.loc["mine"] - columns.loc["edd"]
    assert late["tardiness_cost_usd_difference"] == pytest.approx(paired.mean())
    with pytest.raises(InputError, match="compare: to: must be known"):
        comparison.differences(to="nobody")


def test_who_fails_is_told_and_the_page_is_plain(
    comparison: PolicyComparison, tmp_path: Path
) -> None:
    (failure,) = comparison.failures
    assert (failure.name, failure.kind, failure.seed) == ("broken", "raised", 5)
    text = comparison.to_html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == text
    assert "data:image/png;base64," in text
    assert "&lt;b&gt;no idea" in text
    assert "<b>no idea" not in text
    assert "http" not in text.replace("http-equiv", "")
    written = comparison.to_csv(tmp_path / "table.csv").read_text()
    assert len(written.splitlines()) == 1 + 3


def test_orders_of_ones_own_are_made_by_all() -> None:
    book = [
        Order(
            order_id=f"A-{i}",
            style_id="tee-01",
            quantity=300,
            release_min=0.0,
            due_min=(6 + i) * DAY,
            price_usd=2.6,
            priority=1.0,
            customer="shop",
        )
        for i in range(3)
    ]
    scenario = load_scenario("small", overrides=SHORT)
    done = compare({"edd": "edd", "mine": First()}, scenario=scenario, seeds=[1], orders=book)
    log = simulate(long_enough(scenario, book), First(), 1, orders=book)
    assert done.by_seed.loc[("mine", 1), "total_cost_usd"] == kpis(log)["total_cost_usd"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        compare({"x": 3, "y": "nobody"}, plant="smal", seeds=[])
    fields = [problem.field for problem in error.value.problems]
    assert fields == ["plant", "policies['x']", "policies['y']", "seeds"]


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("plants", {"plants": "mid"}, "did you mean plant.* known: policies, plant, scenario"),
        (
            "episodes",
            {"episodes": 3},
            "must be a known argument; got 3; .*known: .*, seeds, orders",
        ),
        ("plant", {"plant": 3}, "must be str; got 3"),
        ("scenario", {"scenario": None}, "must be str or Scenario; got None"),
        ("overrides", {"overrides": "demand.days"}, "must be values by dotted keys"),
        ("overrides", {"overrides": {1: 2}}, "must be values by dotted keys"),
        ("seeds", {"seeds": 5}, "must be whole numbers from 0 on, each once; got 5"),
        ("seeds", {"seeds": "57"}, "got '57'"),
        ("seeds", {"seeds": [1, 1]}, "got 1, 1"),
        ("seeds", {"seeds": [0.5]}, r"got \[0.5\]"),
        ("orders", {"orders": 5}, "must be orders, or the path of a book; got int"),
        ("workers", {"workers": "a"}, "must be a whole number from 1"),
        ("seconds_per_run", {"seconds_per_run": 0}, "must be a number above 0"),
        (
            "policies['a']",
            {"policies": {"a": "nix"}},
            "must be a rule, a planner, .*got 'nix'",
        ),
        ("policies['a']", {"policies": {"a": None}}, "must be a class, a function or an object"),
        ("policies", {"policies": {1: "edd"}}, "must have words as names; got 1"),
        ("policies", {"policies": {}}, "must name a policy"),
    ],
)
def test_a_wrong_argument_is_named(field: str, given: dict, said: str) -> None:
    with pytest.raises(InputError, match=f"compare: {re.escape(field)}: .*{said}") as error:
        compare(**({"policies": {"edd": "edd"}, "plant": "small"} | given))
    assert len(error.value.problems) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no alarms on Windows")
def test_a_class_whose_constructor_hangs_is_refused() -> None:
    with pytest.raises(InputError, match=r"policies\['slow'\]: .* it took more than 0.3 s"):
        compare({"slow": Slow}, "small", seconds_per_run=0.3)


@pytest.mark.sample
@pytest.mark.slow
def test_two_workers_find_the_same(tmp_path: Path) -> None:
    write_policies(tmp_path)
    script = tmp_path / "script.py"
    script.write_text(
        "from seamline import compare\n"
        "if __name__ == '__main__':\n"
        f"    given = dict(plant='small', overrides={SHORT!r}, seeds=[5, 6])\n"
        "    who = {'a': 'mine.py:Cheapest', 'b': 'edd', 'c': lambda decision: 1}\n"
        "    one, two = (compare(who, workers=n, **given) for n in (1, 2))\n"
        "    assert one.by_seed.equals(two.by_seed)\n"
        "    print(len(one.by_seed))\n"
    )
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )
    assert done.stdout.strip() == "6", done.stderr


def test_the_name_of_the_project_brings_nothing_until_it_is_used() -> None:
    code = "import sys, seamline; print('pandas' in sys.modules or 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_policies_that_are_no_dict_are_refused() -> None:
    with pytest.raises(InputError, match="compare: policies: must be a dict"):
        compare(5)  # type: ignore[arg-type]
