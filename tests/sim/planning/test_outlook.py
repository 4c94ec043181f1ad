"""The outlook of a question: what is known, what it would take, and nothing of the luck to come."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.order_choice import OrderChoice
from factory_env.decisions.plans.outlook import Outlook

SMALL = load_scenario("small")


def some_questions(seed: int = 1, every: int = 5) -> list[tuple[OrderChoice, Outlook, Factory]]:
    """Questions of a run with what they look out on, while they are pending."""
    factory, pending = Factory(SMALL, seed=seed), []
    while (question := factory.advance()) is not None:
        assert isinstance(question, OrderChoice)
        if question.serial % every == 0:
            pending.append((question, question.outlook, factory))
        factory.answer(ask(AtcsMatch(), question))
    return pending


def test_an_outlook_holds_what_is_booked_and_no_line_has() -> None:
    factory = Factory(SMALL, seed=1)
    for _ in range(20):
        question = factory.advance()
        assert isinstance(question, OrderChoice)
        outlook, book = question.outlook, factory.world.book
        assert (book.booked_min[outlook.orders] <= question.now_min).all()
        taken = [o for o in range(len(book)) if factory.house.planner.planned_end(o) < np.inf]
        assert not set(taken) & set(outlook.orders.tolist())
        np.testing.assert_array_equal(outlook.orders[outlook.choices], question.orders)
        factory.answer(ask(AtcsMatch(), question))


def test_an_outlook_agrees_with_the_table_of_candidates() -> None:
    for question, outlook, _ in some_questions():
        table, here = question.table, outlook.choices
        line = question.asker
        np.testing.assert_allclose(outlook.sewing_min[line, here], table.sewing_min)
        np.testing.assert_allclose(outlook.first_stop_min[line, here], table.setup_min)
        np.testing.assert_allclose(outlook.due_min[here], table.due_in_min)
        np.testing.assert_allclose(outlook.weight_usd[here], table.weight_usd)
        assert (outlook.ready_min[here] == 0.0).all()


def test_orders_become_ready_about_when_the_outlook_says() -> None:
    factory, said = Factory(SMALL, seed=1), {}
    while (question := factory.advance()) is not None:
        assert isinstance(question, OrderChoice)
        outlook = question.outlook
        for order, ready in zip(outlook.orders.tolist(), outlook.ready_min.tolist(), strict=True):
            said.setdefault(order, factory.world.now_shift + ready)
        factory.answer(ask(AtcsMatch(), question))
    book = factory.world.book
    gaps = np.array([book.ready_shift[o] - when for o, when in said.items()])[2:]
    assert abs(float(np.median(gaps[np.isfinite(gaps)]))) < 240.0  # half a day


def test_orders_of_one_style_follow_each_other_at_the_least_cost() -> None:
    seen = 0
    for _, outlook, factory in some_questions(every=3):
        style = factory.world.book.style[outlook.orders]
        for i in range(len(outlook)):
            for j in range(len(outlook)):
                if style[i] == style[j]:
                    assert outlook.stop_min[i, j] == outlook.stop_min[0, 0]
                    assert outlook.kept_share[i, j] == 1.0
                    seen += 1
    assert seen


def test_looking_out_changes_nothing() -> None:
    def run(looks: bool) -> float:
        factory = Factory(SMALL, seed=3)
        while (question := factory.advance()) is not None:
            if looks and isinstance(question, OrderChoice):
                outlook = question.outlook
                outlook.free_min[:] = 0.0
                outlook.ready_min[:] = 0.0
            factory.answer(ask(AtcsMatch(), question))
        return factory.cost_usd

    assert run(looks=True) == run(looks=False)


def test_an_answered_question_has_no_outlook_any_more() -> None:
    factory = Factory(SMALL, seed=1)
    first = factory.advance()
    assert isinstance(first, OrderChoice)
    factory.answer(ask(AtcsMatch(), first))
    factory.advance()
    with pytest.raises(RuntimeError, match="question 0 is answered"):
        _ = first.outlook
