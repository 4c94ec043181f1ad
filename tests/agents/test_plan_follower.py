"""Who follows a plan: pinned orders are waited for, others passed over, the rest is a rule's."""

from __future__ import annotations

from agents.plan_follower import PlanFollower
from agents.rules.fifo import Fifo
from factory_env import Factory
from factory_env.domain.line_plan import PlanStep
from tests.laws.tiny_plant import DAY, line, order, product, scenario
from tests.play import play


def played(*steps: PlanStep) -> dict[str, tuple[int, float]]:
    """Line and minute of taking of A and B, here at once, and C, whose fabric comes on day 3."""
    lines = [line("one", 4, tee=1.0), line("two", 4, tee=1.0)]
    toy = scenario(lines, [product("tee", [1.0] * 4)], 30)
    book = [order(name, "tee-01", 100, 20.0, 100.0) for name in ("A", "B")]
    book.append(order("C", "tee-01", 100, 20.0, 100.0, release_days=3.0))
    orders = play(Factory(toy, 0, orders=book), PlanFollower(steps, Fifo())).tables["orders"]
    rows = zip(orders["line"].tolist(), orders["taken_min"].tolist(), strict=True)
    return dict(zip("ABC", rows, strict=True))


def step(name: str, line: int, place: int, **more) -> PlanStep:
    """A step of the plan; orders stand in the book as in the alphabet."""
    return PlanStep(order_id=name, order="ABC".index(name), line=line, place=place, **more)


def test_a_pinned_order_is_waited_for() -> None:
    taken = played(step("C", 0, 1), step("A", 0, 2), step("B", 1, 1))
    assert taken["B"] == (1, 0.0)
    assert taken["C"] == (0, 3 * DAY)
    assert taken["A"][0] == 0
    assert taken["A"][1] > 3 * DAY


def test_an_order_that_is_not_pinned_is_passed_over() -> None:
    taken = played(step("C", 0, 1, is_pinned=False), step("A", 0, 2), step("B", 1, 1))
    assert taken["A"] == (0, 0.0)
    assert taken["C"][0] == 0


def test_what_no_line_has_in_its_plan_is_left_to_the_rule() -> None:
    taken = played(step("B", 0, 1))
    assert taken["B"] == (0, 0.0)
    assert taken["A"] == (1, 0.0)


def test_a_line_does_not_begin_before_the_planned_minute() -> None:
    taken = played(step("A", 0, 1, start_min=2 * DAY), step("B", 1, 1))
    assert taken["B"] == (1, 0.0)
    assert taken["A"][1] >= 2 * DAY
