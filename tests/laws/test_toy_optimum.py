"""Law 9: on toys the best of all decision sequences is the optimum worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agents import rules
from factory_env import Factory, Order, Scenario, play
from factory_env.catalogue import load_plug, plug_names
from tests.laws.tiny_plant import DAY, line, order, product, scenario

TEE = product("tee", [1.0])
POLO = product("polo", [1.0])


def one_line() -> tuple[Scenario, list[Order]]:
    """One operator, one minute a piece, so 1,440 pieces a day."""
    return scenario([line("only", 1, tee=1.0)], [TEE], days=8), [
        order("A", "tee-01", 2880, due_days=4.0, value_usd=1000.0),
        order("C", "tee-01", 1440, due_days=1.0, value_usd=2000.0),
        order("B", "tee-01", 1440, due_days=1.75, value_usd=10000.0, release_days=0.5),
    ]


def two_lines() -> tuple[Scenario, list[Order]]:
    """A tee line that also sews polos at half speed, and a polo line."""
    lines = [line("tees", 1, tee=1.0, polo=0.5), line("polos", 1, polo=1.0)]
    return scenario(lines, [TEE, POLO], days=10), [
        order("P1", "polo-01", 1440, due_days=1.0, value_usd=1000.0),
        order("P2", "polo-01", 1440, due_days=2.0, value_usd=3000.0),
        order("T1", "tee-01", 1440, due_days=1.0, value_usd=2000.0),
    ]


def cost_of(toy: tuple[Scenario, list[Order]], answers: Sequence[int], shared: list) -> tuple:
    """Play ``answers``. Returns (cost, None) at the end or (cost so far, legal answers)."""
    factory = Factory(toy[0], 0, orders=toy[1], tables=shared[0] if shared else None)
    shared[:] = [factory.tables]
    for answer in answers:
        factory.advance()
        factory.answer(answer)
    question = factory.advance()
    if question is None:
        return factory.cost_usd, None
    return factory.cost_usd, np.flatnonzero(question.legal()).tolist()


def all_costs(toy: tuple[Scenario, list[Order]], holds: int) -> dict[tuple[int, ...], float]:
    """Cost of every sequence of answers with at most ``holds`` holds."""
    found: dict[tuple[int, ...], float] = {}
    shared: list = []
    open_ends: list[tuple[int, ...]] = [()]
    while open_ends:
        answers = open_ends.pop()
        cost, legal = cost_of(toy, answers, shared)
        if legal is None:
            found[answers] = cost
            continue
        open_ends += [(*answers, a) for a in legal if a != 0 or answers.count(0) < holds]
    return found


def test_one_line_must_wait_for_the_urgent_order() -> None:
    costs = all_costs(one_line(), holds=4)
    assert len(costs) > 10
    # Hold, then B 0.5-1.5 (due 1.75, on time), A 1.5-3.5 (due 4, on time), C 3.5-4.5 (due 1,
    # 3.5 days late: 20 % of 2,000). C before A costs the same 400 for C, and A ends 4.5: + 100.
    assert min(costs.values()) == pytest.approx(400.0, abs=1e-6)


def test_without_holding_the_urgent_order_is_late() -> None:
    costs = all_costs(one_line(), holds=0)
    # C first: C 0-1, then B 1-2 (0.25 days late: 10 % of 10,000), A 2-4 on time: 1,000.
    # A first: A 0-2, B 2-3 is 1.25 days late: 20 % of 10,000, so at least 2,000.
    assert min(costs.values()) == pytest.approx(1000.0, abs=1e-6)
    # the worst: A 0-2, C 2-3 (2 days late: 400), B 3-4 (2,000)
    assert max(costs.values()) == pytest.approx(2400.0, abs=1e-6)


def test_two_lines_share_the_work_as_by_hand() -> None:
    costs = all_costs(two_lines(), holds=3)
    # T1 can only be sewn by the tee line, 0-1. The polo line sews P1 0-1 and P2 1-2, each to
    # the minute of its due date: nothing is late.
    assert min(costs.values()) == pytest.approx(0.0, abs=1e-9)
    # The tee line takes P1 first: 0-2, one day late exactly, so 10 % of 1,000 (20 % is for
    # *more* than a day), and T1 2-3 is 2 days late: 20 % of 2,000. P2 is on time: 500.
    assert any(c == pytest.approx(500.0, abs=1e-6) for c in costs.values())


@pytest.mark.parametrize("toy", [one_line, two_lines])
@pytest.mark.parametrize("name", plug_names(rules))
def test_no_rule_beats_the_optimum(toy, name) -> None:
    problem = toy()
    best = {one_line: 400.0, two_lines: 0.0}[toy]
    factory = Factory(problem[0], 0, orders=problem[1])
    play(factory, load_plug(rules, name)())
    assert factory.finished
    assert factory.cost_usd >= best - 1e-6


def test_an_order_ships_in_the_minute_its_last_piece_is_sewn() -> None:
    toy = one_line()
    factory = Factory(toy[0], 0, orders=toy[1][1:2])
    assert factory.advance() is None  # one order, one line: nothing to ask
    orders = factory.log().tables["orders"]
    assert orders["shipped_min"].tolist() == [DAY]
    assert orders["good"].tolist() == [1440]
    assert factory.cost_usd == 0.0
