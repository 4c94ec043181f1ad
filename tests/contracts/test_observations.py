"""Every observation block: what it says of itself, its bounds, and what it must not depend on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario, play, step_through
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import FloorQuestion, is_of_floor
from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs import observations
from factory_env.envs.observation import Block, KindBlock
from factory_env.envs.scheduling.encoder import DEFAULT_PRIOR, PLAN, Encoder

NAMES = plug_names(observations)
ENCODER = Encoder(blocks=NAMES)
# everything that can be asked of the floor is asked, and more waits than an agent sees
SCENARIO = load_scenario(
    "small",
    overrides={
        "demand.days": 8,
        "demand.load": 9.0,
        "horizon_days": 14,
        "overtime.mode": "agent",
        "flow.cutting_rule": "agent",
        "inspection.lever": "agent",
        "inspection.station.enabled": True,
    },
    disruptions="rough",
    inspector="cnn",
)


def block(name: str) -> Block:
    made: Block = load_plug(observations, name)(dict(DEFAULT_PRIOR))
    return made


def written(name: str, question: FloorQuestion) -> NDArray[np.float32]:
    """What a block shows of a question, a row a thing."""
    of = block(name)
    out = np.zeros(of.rows * len(of.features), dtype=np.float32)
    of.write(question, ENCODER.visible(question), out)
    return out.reshape(of.rows, len(of.features))


@pytest.fixture(scope="module")
def asked() -> list[FloorQuestion]:
    """Questions of two runs, some of every kind."""
    found: list[FloorQuestion] = []
    for seed in (1, 2):
        run = step_through(Factory(SCENARIO, seed), AtcsMatch())
        found += [with_its_outlook(question) for question in run if is_of_floor(question)]
    return found


def with_its_outlook(question: FloorQuestion) -> FloorQuestion:
    """The question with what it looks out on, which is gone when it is answered."""
    if not isinstance(question, OrderChoice):
        return question
    outlook = question.outlook
    return replace(question, look=lambda: outlook)


def test_the_run_asks_everything_and_more_waits_than_is_seen(asked: list[FloorQuestion]) -> None:
    assert {q.kind for q in asked} == {"dispatch", "cutting", "overtime", "inspection"}
    assert max(len(q.shown) for q in asked if q.shown is not None) > block("orders").rows


@pytest.mark.parametrize("name", NAMES)
def test_a_block_says_what_it_shows(name: str) -> None:
    of = block(name)
    assert of.rows >= 1
    names = [f.name for f in of.features]
    assert len(set(names)) == len(names) > 0
    assert all(f.name and f.unit and f.low < f.high for f in of.features)
    if isinstance(of, KindBlock) and of.options is not None:
        assert set(of.options.gain) | ({of.options.house} - {None}) <= set(names)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_is_finite_and_in_bounds(name: str, asked: list[FloorQuestion]) -> None:
    low = np.array([min(f.low, 0.0) for f in block(name).features])
    high = np.array([max(f.high, 0.0) for f in block(name).features])
    for question in asked[:: 6 if name == PLAN else 1]:  # a plan takes its time
        rows = written(name, question)
        assert np.isfinite(rows).all()
        assert (rows >= low - 1e-6).all(), question.kind
        assert (rows <= high + 1e-6).all(), question.kind


@pytest.mark.parametrize("name", sorted({*NAMES} - {PLAN}))
def test_a_block_of_one_kind_of_question_is_zero_for_the_others(
    name: str, asked: list[FloorQuestion]
) -> None:
    of = block(name)
    kind = of.question if isinstance(of, KindBlock) else None
    own = [q for q in asked if kind is None or isinstance(q, kind)]
    assert own
    assert all(written(name, q).any() for q in own)
    if kind is not None and kind is not OrderChoice:
        assert not any(written(name, q).any() for q in asked if not isinstance(q, kind))


@pytest.mark.parametrize("name", NAMES)
def test_writing_is_repeatable_and_leaves_the_question_alone(
    name: str, asked: list[FloorQuestion]
) -> None:
    for question in asked[::9]:
        before = None if question.shown is None else question.shown.data.copy()
        first, second = written(name, question), written(name, question)
        np.testing.assert_array_equal(first, second)
        if question.shown is not None:
            np.testing.assert_array_equal(question.shown.data, before)


def test_a_plan_is_shown_where_a_line_asks_and_one_answer_is_the_cheapest(
    asked: list[FloorQuestion],
) -> None:
    for question in asked:
        rows = written(PLAN, question)
        if not isinstance(question, OrderChoice) or question.kind != "dispatch":
            assert not rows.any()
            continue
        n = 1 + ENCODER.visible(question).shape[0]
        assert rows[1:n, 0].all()
        assert rows[0, 0] == question.can_hold
        assert not rows[n:].any()
        assert rows[:n, 1].max() == 0.0


@pytest.mark.parametrize("name", sorted({*NAMES} - {PLAN}))  # a plan goes by the outlook
def test_the_order_of_the_queue_is_that_of_the_rows_and_nothing_else(
    name: str, asked: list[FloorQuestion]
) -> None:
    rng, seen = np.random.default_rng(0), 0
    for question in asked:
        if not isinstance(question, OrderChoice) or len(question.table) > block("orders").rows:
            continue
        mixed = rng.permutation(len(question.table))
        other = replace(
            question,
            orders=question.orders[mixed],
            table=CandidateTable(question.table.data[mixed]),
        )
        rows, mixed_rows = written(name, question), written(name, other)
        if name == "orders":
            rows[: len(mixed)] = rows[mixed]
        np.testing.assert_array_equal(mixed_rows, rows)
        seen += len(mixed) > 1
    assert seen > 10


@pytest.fixture(scope="module")
def at_forks() -> list[tuple[FloorQuestion, FloorQuestion]]:
    """Questions, each with that of a fork whose luck is drawn anew from there on."""
    factory, pairs, costs = Factory(SCENARIO, 3), [], set()
    for number, question in enumerate(step_through(factory, AtcsMatch())):
        if number % 25 == 5:
            fork = factory.fork(fresh_seed=number)
            same = fork.advance()
            assert is_of_floor(question)
            assert is_of_floor(same)
            pairs.append((question, same))
        if number == 80:
            forks = (factory.fork(fresh_seed=luck) for luck in (1, 2))
            costs = {play(fork, AtcsMatch()).cost_usd["overtime"] for fork in forks}
    assert len({type(question) for question, _ in pairs}) > 1
    assert len(costs) == 2  # other luck lies ahead
    return pairs


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_luck_to_come_is_shown(
    name: str, at_forks: list[tuple[FloorQuestion, FloorQuestion]]
) -> None:
    # what a line has learned is booked when it takes an order, with the luck of its whole pass:
    # a trace of it is in all that depends on learning
    most = 0.0 if name == "site" else 0.02
    for question, same in at_forks:
        difference = np.abs(written(name, same) - written(name, question))
        assert difference.max() <= most
