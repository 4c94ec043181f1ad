"""Every dispatching rule: legal, repeatable, leaves the table alone, and orders as its formula."""

from __future__ import annotations

import numpy as np
import pytest

from agents import rules
from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.catalogue import load_plug, plug_names
from factory_env.decisions.candidates import COLUMNS, INDEX, N_COLUMNS, NEVER_MIN, CandidateTable
from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.decisions.order_choice import OrderChoice
from tests.play import questions

NAMES = plug_names(rules)


def by_hand(rows: list[dict[str, float]], can_hold: bool = False) -> OrderChoice:
    """A question whose table holds ``rows``; columns left out are harmless."""
    data = np.zeros((len(rows), N_COLUMNS))
    data[:, INDEX["elsewhere_min"]] = NEVER_MIN
    for i, row in enumerate(rows):
        for name, value in row.items():
            data[i, INDEX[name]] = value
    ones = np.ones(2)
    return OrderChoice(
        kind="dispatch",
        serial=0,
        now_min=480.0,
        asker=0,
        orders=np.arange(len(rows)),
        table=CandidateTable(data),
        can_hold=can_hold,
        lines=LinesView(
            is_group=ones, free_in_min=ones, learned_share=ones, attendance=ones, is_idle=ones
        ),
        site=SiteView(
            weekday=0.0,
            shift_hour=0.0,
            horizon_share=0.0,
            queue_days=1.0,
            booked_2_days=0.0,
            booked_5_days=0.0,
            booked_10_days=0.0,
            group_lines=1.0,
            more_to_come=0.0,
        ),
    )


def order(sewing, setup, due, weight, waiting, style=0.0, product=0.0) -> dict[str, float]:
    """A row; no learning, no finishing: slack = due - setup - sewing, and here = setup + sewing."""
    return {
        "sewing_min": sewing,
        "setup_min": setup,
        "due_in_min": due,
        "slack_min": due - setup - sewing,
        "weight_usd": weight,
        "waiting_min": waiting,
        "here_min": setup + sewing,
        "fastest_min": setup + sewing,
        "same_style": style,
        "same_product": product,
    }


#        sewing setup  due  weight waiting
ORDERS = [
    order(400.0, 90.0, 500.0, 400.0, 10.0, product=1.0),
    order(100.0, 180.0, 600.0, 900.0, 50.0),
    order(200.0, 10.0, 900.0, 1000.0, 30.0, style=1.0, product=1.0),
]
EXPECTED = {
    "edd": 1,  # due 500, 600, 900
    "fifo": 2,  # waiting 10, 50, 30
    "spt": 2,  # sewing 400, 100, 200
    "wspt": 2,  # weight per minute 1, 9, 5
    "slack": 1,  # 10, 320, 690
    "cr": 1,  # due over work: 500/490 = 1.02, 600/280 = 2.14, 900/210 = 4.29
    "mdd": 1,  # due or earliest end: max(500, 400), max(600, 100), max(900, 200)
    "least_setup": 3,  # 90, 180, 10
    "same_style": 3,  # the third stays on the style
    # p-bar = 233.3, k1 = 2: slack without setup 100, 500, 700; w/p exp(-slack/466.7):
    # 1 exp(-.214) = .81, 9 exp(-1.071) = 3.08, 5 exp(-1.5) = 1.12
    "atc": 2,
    # s-bar = 93.3, k2 = 0.5: x exp(-s/46.7): .81 exp(-1.929) = .117, 3.08 exp(-3.857) = .065,
    # 1.12 exp(-.214) = .90
    "atcs": 3,
    "atcs_match": 3,  # no other line can sew anything: as ATCS
    # W = 700 waiting minutes, k = 2: w/p (1 - slack/1400): 1 x .99, 9 x .77 = 6.9, 5 x .51 = 2.5
    "covert": 2,
}


def test_every_rule_has_a_hand_computed_choice() -> None:
    assert set(NAMES) - {"random"} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_rule_takes_the_hand_computed_order(name) -> None:
    assert load_plug(rules, name)().choose(by_hand(ORDERS)) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_rule_follows_its_order_to_another_row(name) -> None:
    turned = [ORDERS[2], ORDERS[0], ORDERS[1]]  # row 1 is now second, 2 third, 3 first
    moved = {1: 2, 2: 3, 3: 1}
    assert load_plug(rules, name)().choose(by_hand(turned)) == moved[EXPECTED[name]]


def test_line_matching_leaves_an_order_to_the_line_that_ends_it_earlier() -> None:
    rule = load_plug(rules, "atcs_match")
    # two equal orders, but another line could end the first 200 min earlier: 2 mean sewing times
    rows = [order(100.0, 10.0, 500.0, 100.0, 0.0), order(100.0, 10.0, 500.0, 100.0, 0.0)]
    rows[0]["here_min"], rows[0]["elsewhere_min"] = 310.0, 110.0
    assert rule().choose(by_hand(rows)) == 2
    # alone, it is taken all the same, or held for the other line if holding is allowed
    assert rule(hold_beyond=1.0).choose(by_hand(rows[:1], can_hold=True)) == 0
    assert rule(hold_beyond=1.0).choose(by_hand(rows[:1], can_hold=False)) == 1
    assert rule(hold_beyond=3.0).choose(by_hand(rows[:1], can_hold=True)) == 1


@pytest.fixture(scope="module")
def real(small, small_tables):
    """Questions of a run: three lines, some holds allowed, up to a dozen orders."""
    found = questions(Factory(small, 1, tables=small_tables), Edd())
    assert len(found) > 30
    assert max(len(q.table) for q in found) > 4
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_answers_legally_repeatably_and_leaves_the_table_alone(name, real) -> None:
    rule = load_plug(rules, name)()
    for question in real:
        before = question.table.data.copy()
        answer = rule.choose(question)
        assert type(answer) is int
        assert question.legal()[answer]
        assert load_plug(rules, name)().choose(question) == answer
        np.testing.assert_array_equal(question.table.data, before)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_copes_with_extreme_orders(name) -> None:
    rows = [
        order(1e-3, 0.0, -1e6, 1e-3, 0.0),
        order(1e6, 0.0, 1e6, 1e9, 1e6),
        order(100.0, 0.0, 0.0, 0.0, 0.0),
    ]
    question = by_hand(rows)
    with np.errstate(all="raise", under="ignore"):
        assert question.legal()[load_plug(rules, name)().choose(question)]


def test_random_uses_every_legal_answer(real) -> None:
    choices = [
        (load_plug(rules, "random")(seed=s).choose(q), len(q.table)) for q in real for s in range(5)
    ]
    assert any(answer == 0 for answer, _ in choices)
    assert any(answer == n for answer, n in choices)
    assert len({answer for answer, _ in choices}) > 3


def test_every_column_of_the_table_has_a_unit_and_a_meaning() -> None:
    assert all(unit and meaning for unit, meaning in COLUMNS.values())
    assert len(COLUMNS) == N_COLUMNS
