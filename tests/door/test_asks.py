"""One key says whom the house asks; the older switches go on to work."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.door.asks import SWITCHES
from factory_env.errors import InputError
from factory_env.sim.run import step_through
from tests.conftest import ROOT


def test_the_lines_alone_are_asked_unless_a_scenario_says_otherwise() -> None:
    assert load_scenario("small").asks == ("lines",)


def test_every_question_is_switched_by_its_name() -> None:
    scenario = load_scenario(
        "small",
        overrides={"asks": ["lines", "evening", "cutting", "inspection", "site"]},
        inspector="cnn",
        site="pv_battery",
    )
    assert set(scenario.asks) == {"lines", *SWITCHES}
    assert scenario.overtime.mode == "agent"
    assert scenario.flow.cutting_rule == "agent"
    assert scenario.inspection.lever == "agent"
    assert scenario.energy is not None
    assert scenario.energy.control.mode == "agent"


@pytest.mark.parametrize(
    ("question", "old"), [("evening", "overtime.mode"), ("cutting", "flow.cutting_rule")]
)
def test_the_older_switch_means_the_same(question: str, old: str) -> None:
    new = load_scenario("small", overrides={"asks": ["lines", question]})
    assert new == load_scenario("small", overrides={old: "agent"})


def test_what_asks_does_not_name_stays_with_its_own_switch() -> None:
    scenario = load_scenario("small", overrides={"overtime.mode": "agent", "asks": ["cutting"]})
    assert scenario.asks == ("lines", "evening", "cutting")


def test_a_policy_meets_the_questions_that_are_named() -> None:
    scenario = load_scenario(
        "small", overrides={"asks": ["evening"], "horizon_days": 5, "demand.days": 3}
    )
    kinds = {question.kind for question in step_through(Factory(scenario, seed=1), Edd())}
    assert kinds == {"dispatch", "overtime"}


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ("evening", "must be a list"),
        (["evenings"], "did you mean evening?"),
        (["weather"], "one of lines, evening, inspection, cutting, site"),
        (["site"], "site needs a site to run"),
    ],
)
def test_wrong_questions_are_refused_with_what_would_be_right(asks: object, said: str) -> None:
    with pytest.raises(InputError, match="asks") as caught:
        load_scenario("small", overrides={"asks": asks})
    assert said in str(caught.value)


def test_the_shipped_station_stands_once() -> None:
    files = sorted((ROOT / "conf" / "inspector").glob("*.yaml"))
    assert len(files) >= 7
    assert [f.name for f in files if "camera_usd" in f.read_text(encoding="utf-8")] == []
    stations = {load_scenario("small", inspector=f.stem).inspection.station for f in files}
    assert len(stations) == 1
