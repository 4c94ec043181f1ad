"""Law 4: equal scenario, policy and seed leave equal logs, however the runs are interleaved."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.random import Random
from factory_env import Factory
from tests.conftest import ROOT
from tests.play import fingerprint, play

PROGRAM = """
from agents.rules.random import Random
from factory_env import Factory, load_scenario
from tests.play import fingerprint, play
short = load_scenario("small", overrides={"horizon_days": 12, "demand.days": 10})
print(fingerprint(play(Factory(short, 5, record_operations=True), Random(seed=2))))
"""


@pytest.mark.parametrize("policy", [AtcsMatch(), Random(seed=2)])
def test_a_run_repeated_leaves_the_same_log(short, short_tables, policy) -> None:
    prints = {fingerprint(play(Factory(short, 5, tables=short_tables), policy)) for _ in range(2)}
    assert len(prints) == 1


def test_shared_tables_and_fresh_tables_give_the_same_log(short, short_tables) -> None:
    fresh = fingerprint(play(Factory(short, 5), AtcsMatch()))
    assert fresh == fingerprint(play(Factory(short, 5, tables=short_tables), AtcsMatch()))


def test_another_seed_and_another_policy_leave_another_log(short, short_tables) -> None:
    prints = {
        fingerprint(play(Factory(short, seed, tables=short_tables), policy))
        for seed, policy in ((5, AtcsMatch()), (6, AtcsMatch()), (5, Random(seed=2)))
    }
    assert len(prints) == 3


def test_factories_advanced_alternately_do_not_disturb_each_other(short, short_tables) -> None:
    def factories() -> list[Factory]:
        return [Factory(short, seed, tables=short_tables) for seed in (5, 5, 6)]

    policies = [AtcsMatch(), Random(seed=2), AtcsMatch()]
    straight = [fingerprint(play(f, p)) for f, p in zip(factories(), policies, strict=True)]
    mixed = factories()
    running = list(zip(mixed, policies, strict=True))
    while running:
        for pair in tuple(running):
            factory, policy = pair
            question = factory.advance()
            if question is None:
                running.remove(pair)
            else:
                factory.answer(policy.choose(question))
    assert [fingerprint(f.log()) for f in mixed] == straight


def test_two_processes_leave_the_same_bytes() -> None:
    prints = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert len(prints) == 1
    assert len(prints.pop()) == 64


def test_reading_log_and_cost_on_the_way_changes_nothing(short, short_tables) -> None:
    straight = Factory(short, 5, tables=short_tables, record_operations=True)
    expected = fingerprint(play(straight, AtcsMatch()))
    nosy = Factory(short, 5, tables=short_tables, record_operations=True)
    while (question := nosy.advance()) is not None:
        assert nosy.log().cost_usd.keys() == nosy.cost_parts_usd.keys()
        assert nosy.advance() is question  # asking again does not move the factory
        nosy.answer(AtcsMatch().choose(question))
    assert nosy.cost_usd == pytest.approx(straight.cost_usd, rel=1e-12)
    # holding cost is summed in more pieces, so it may differ in the last bits; nothing else does
    log = nosy.log()
    for part, usd in straight.cost_parts_usd.items():
        assert log.cost_usd[part] == pytest.approx(usd, rel=1e-12, abs=1e-12)
    assert fingerprint_of_tables(log) == fingerprint_of_tables(straight.log())
    assert expected == fingerprint(straight.log())


def fingerprint_of_tables(log) -> dict[str, list]:
    """All columns as lists; NaN as text, so that they compare equal."""
    return {
        f"{name}.{column}": [repr(v) for v in values.tolist()]
        for name, table in log.tables.items()
        for column, values in table.items()
    }
