"""The encoder: blocks of all kinds of question, of one, and of one's own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.envs import observations
from factory_env.envs.scheduling.encoder import BLOCKS, Encoder, blocks_of, further_blocks

OWN = """
from factory_env.envs.observation import Feature

class Clock:
    rows = 1
    features = (Feature(name="hour", unit="100 h", low=0.0, high=100.0),)

    def __init__(self, prior):
        del prior

    def write(self, question, visible, out):
        out[:] = (question.now_min + 60.0) / 6000.0

PLUG = Clock
"""


@pytest.fixture(params=["", "\nClock.question = Clock.options = None\n"], ids=["plain", "none"])
def own_block(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A block that somebody has written, which says nothing of kinds; its name."""
    name = f"own_clock_{len(request.param)}"
    (tmp_path / f"{name}.py").write_text(OWN + request.param)
    monkeypatch.setattr(observations, "__path__", [*observations.__path__, str(tmp_path)])
    return name


def test_a_block_of_ones_own_is_shown_when_it_is_named_and_only_then(own_block: str) -> None:
    scenario = load_scenario("small")
    assert blocks_of(scenario) == BLOCKS
    assert own_block not in further_blocks()
    encoder = Encoder(blocks=(*BLOCKS, own_block))
    question = Factory(scenario, 1).advance()
    shown = encoder.encode(question, encoder.visible(question))
    assert encoder.space().contains(shown)
    assert shown[own_block] == pytest.approx([(question.now_min + 60.0) / 6000.0])


def test_an_encoder_describes_what_its_blocks_are_about(own_block: str) -> None:
    question = Factory(load_scenario("small"), 1).advance()
    encoder = Encoder(blocks=(*BLOCKS, own_block))
    assert encoder.describes(question)
    assert not encoder.describes(SimpleNamespace(kind="purchase"))


def test_blocks_of_a_kind_come_where_it_is_asked() -> None:
    overrides = {"overtime.mode": "agent", "inspection.lever": "agent"}
    scenario = load_scenario("small", overrides=overrides)
    assert blocks_of(scenario) == (*BLOCKS, "evening", "inspection")
    encoder = Encoder(blocks=blocks_of(scenario))
    question = Factory(scenario, 1).advance()
    shown = encoder.encode(question, encoder.visible(question))
    assert not shown["evening"].any()
    assert not shown["inspection"].any()
    assert np.flatnonzero(shown["mask"]).size > 1
