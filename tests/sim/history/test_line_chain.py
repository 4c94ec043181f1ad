"""The chain of an order's way through a line: no gaps, and nothing of what is switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.sim.history.line_chain import line_chain
from tests.play import play


@pytest.fixture(scope="module")
def run(short, short_tables) -> Factory:
    factory = Factory(short, 2, tables=short_tables)
    play(factory, Edd())
    return factory


def test_a_chain_leads_from_the_taking_to_the_last_bundle(run: Factory) -> None:
    for line in run.lines:
        for part in line.passes:
            spans = line_chain(part, line.engine)
            ends = [end for _, end in spans]
            assert ends == sorted(ends)
            assert ends[0] >= part.taken_work - 1e-9
            assert ends[-1] == part.result.done[-1]
            changed = [end for cause, end in spans if cause == "changeover"]
            assert changed[0] - ends[0] == pytest.approx(part.setup_min)


def test_an_earlier_bundle_has_a_chain_of_its_own(run: Factory) -> None:
    line = run.lines[0]
    part = line.passes[0]
    first = float(part.result.done[0])
    assert line_chain(part, line.engine, first)[-1] == ("sewing", first)


def test_settled_lines_lose_nothing_to_learning(short) -> None:
    settled = short.replace(
        learning=replace(short.learning, enabled=False),
        changeover=replace(short.changeover, enabled=False),
    )
    factory = Factory(settled, 2)
    play(factory, Edd())
    for line in factory.lines:
        for part in line.passes:
            before, lost = 0.0, {"learning": 0.0, "changeover": 0.0}
            for cause, end in line_chain(part, line.engine):
                if before and cause in lost:
                    lost[cause] += end - before
                before = end
            assert lost == {"learning": 0.0, "changeover": 0.0}
