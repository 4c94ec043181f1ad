"""A run that begins with a floor: who is where at its minute, and what is not said."""

from __future__ import annotations

import pytest

from agents.rules.fifo import Fifo
from factory_env import Factory, Scenario
from factory_env.decision import ask
from factory_env.domain.floor_state import CutNow, FloorState, LateNow, LineNow, SewnNow
from tests.laws.tiny_plant import DAY, line, order, product, scenario
from tests.play import column, play

AT = 2 * DAY


@pytest.fixture(scope="module")
def toy() -> Scenario:
    """Two lines of four people who make a tee each minute."""
    lines = [line("one", 4, tee=1.0), line("two", 4, tee=1.0)]
    return scenario(lines, [product("tee", [1.0] * 4)], 30)


def begun(toy: Scenario, **parts) -> Factory:
    """A run of three orders of a thousand tees that begins with a floor."""
    orders = [order(name, "tee-01", 1000, 20.0, 1000.0) for name in ("A", "B", "C")]
    return Factory(toy, 0, orders=orders, floor=FloorState(at_min=AT, **parts))


def test_a_line_goes_on_with_its_order(toy: Scenario) -> None:
    log = play(begun(toy, sewn=(SewnNow(order_id="A", line=1, left=400),)), Fifo())
    assert column(log, "orders", "line")[0] == 1
    lots = column(log, "lots", "order") == 0
    sewn = column(log, "lots", "sewn_min")[lots]
    assert column(log, "lots", "pieces")[lots][sewn > AT].sum() == 400
    # lots of 200 at a piece a minute; the run begins at the minute at which the third has fallen
    assert sewn[-2:].tolist() == pytest.approx([AT + 200.0, AT + 400.0])


def test_orders_that_stand_nowhere_are_cut_first(toy: Scenario) -> None:
    log = play(begun(toy, cut=(CutNow(order_id="B", ready_wall_min=DAY),)), Fifo())
    ready = column(log, "orders", "ready_min").tolist()
    assert ready[1] == DAY
    assert min(ready[0], ready[2]) >= AT
    assert column(log, "orders", "taken_min")[1] == AT


def test_late_fabric_comes_on_its_day(toy: Scenario) -> None:
    log = play(begun(toy, late=(LateNow(order_id="C", release_wall_min=5 * DAY),)), Fifo())
    assert column(log, "orders", "release_min")[2] == 5 * DAY
    assert column(log, "orders", "ready_min")[2] >= 5 * DAY


def test_lines_have_their_style_people_and_learning(toy: Scenario) -> None:
    now = LineNow(line=0, style_id="tee-02", learned=0.5, present=0.75)
    factory = begun(toy, lines=(now,), cut=(CutNow(order_id="A"),))
    question = factory.advance()
    assert question is not None
    styles = [style.style_id for style in factory.tables.styles]
    assert factory.lines[0].style == styles.index("tee-02")
    assert question.lines.learned_share[0] == 0.5
    assert question.lines.attendance[0] == 0.75


def test_a_line_that_sews_is_not_asked(toy: Scenario) -> None:
    sewn = SewnNow(order_id="A", line=0, left=900)
    factory = begun(toy, sewn=(sewn,), cut=(CutNow(order_id="B"), CutNow(order_id="C")))
    askers = []
    while (question := factory.advance()) is not None and factory.now_min < AT + 1.0:
        askers.append(question.asker)
        factory.answer(ask(Fifo(), question))
    assert askers == [1]
