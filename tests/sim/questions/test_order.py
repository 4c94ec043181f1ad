"""Who asks which order is next, when, and when there is nothing to ask."""

from __future__ import annotations

from dataclasses import replace

from factory_env import Factory
from factory_env.decisions.order_choice import HOLD
from tests.laws.tiny_plant import DAY, line, order, product, scenario

TEE = product("tee", [1.0])


def plant(lines: int = 1, days: int = 10):
    names = "abc"[:lines]
    return scenario([line(name, 1, tee=1.0) for name in names], [TEE], days)


def ready(*pieces: int, later: tuple[int, ...] = ()):
    """Orders cut before the run, and some whose fabric comes on day 3."""
    now = [order(f"n{i}", "tee-01", n, 9.0, 1.0) for i, n in enumerate(pieces)]
    return now + [
        order(f"l{i}", "tee-01", n, 9.0, 1.0, release_days=3.0) for i, n in enumerate(later)
    ]


def test_one_order_and_no_other_work_is_taken_without_a_question() -> None:
    factory = Factory(plant(), 0, orders=ready(100))
    assert factory.advance() is None
    assert factory.finished


def test_of_two_orders_the_line_asks_and_takes_what_is_answered() -> None:
    factory = Factory(plant(), 0, orders=ready(100, 200))
    question = factory.advance()
    assert question is not None
    assert question.kind == "dispatch"
    assert question.asker == 0
    assert question.orders.tolist() == [0, 1]
    assert not question.can_hold  # nothing else can come
    factory.answer(2)
    assert factory.lines[0].passes[-1].run.order == 1
    assert not factory.lines[0].is_idle
    assert factory.advance() is None  # the other is the only one left
    assert [part.run.order for part in factory.lines[0].passes] == [1, 0]


def test_a_line_may_hold_while_fabric_is_to_come_and_is_asked_again_when_it_is_cut() -> None:
    factory = Factory(plant(), 0, orders=ready(100, later=(200,)))
    question = factory.advance()
    assert question.can_hold
    factory.answer(HOLD)
    assert factory.lines[0].is_idle
    again = factory.advance()
    assert again.orders.tolist() == [0]
    assert again.now_min == 0.0 or again.now_min % DAY == 0.0  # asked again in the morning
    while again.orders.shape[0] == 1:
        factory.answer(HOLD)
        again = factory.advance()
    assert again.orders.tolist() == [0, 1]
    assert again.now_min >= 3 * DAY
    assert not again.can_hold  # everything has come


def test_a_line_may_hold_while_another_of_its_group_is_busy() -> None:
    factory = Factory(plant(lines=2), 0, orders=ready(500, 100))
    first = factory.advance()
    assert first.can_hold  # the other line is asking too
    factory.answer(1)
    second = factory.advance()
    assert second.asker == 1
    assert second.orders.tolist() == [1]
    assert second.can_hold  # the first may take it when it is done
    factory.answer(HOLD)
    third = factory.advance()
    # asked again in the morning or when the first line is done: somebody has to sew it
    while third is not None and third.asker == 1:
        factory.answer(HOLD)
        third = factory.advance()
    assert factory.finished or third.asker == 0


def test_a_line_asks_only_for_what_it_can_sew() -> None:
    polo = product("polo", [1.0])
    lines = [line("tees", 1, tee=1.0), line("polos", 1, polo=1.0)]
    book = [*ready(100, 100), order("p", "polo-01", 100, 9.0, 1.0)]
    factory = Factory(scenario(lines, [TEE, polo], 10), 0, orders=book)
    question = factory.advance()
    assert question.asker == 0
    assert question.orders.tolist() == [0, 1]


def cutting_room(orders):
    toy = plant()
    slow = replace(TEE, cutting_min=1.0)
    toy = toy.replace(
        library=replace(toy.library, products=(slow,)),
        flow=replace(toy.flow, cutting_rule="agent"),
    )
    return Factory(toy, 0, orders=orders)


def test_a_table_asks_where_two_orders_wait_for_it() -> None:
    orders = ready(10, later=(100, 60, 80))
    factory = cutting_room(orders)
    asked = []
    while (question := factory.advance()) is not None:
        if question.kind == "cutting":
            asked.append(question.orders.tolist())
            factory.answer(len(question.orders))  # the last of them
        else:
            factory.answer(question.legal().nonzero()[0][-1])
    assert asked == [[1, 2, 3], [1, 2]]  # and none about the one that is left
    assert list(factory.house.cutting.plans) == [3, 2, 1]


def test_the_question_of_a_table_sees_each_order_from_the_line_that_would_end_it_first() -> None:
    factory = cutting_room(ready(10, later=(100, 60, 80)))
    question = factory.advance()
    while question.kind != "cutting":
        factory.answer(question.legal().nonzero()[0][-1])
        question = factory.advance()
    assert question.asker == 0
    assert question.table.pieces.tolist() == [100.0, 60.0, 80.0]
    assert (question.table.sewing_min > 0.0).all()
    assert not question.can_hold
