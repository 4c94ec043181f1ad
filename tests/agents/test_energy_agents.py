"""Saved energy policies: what is written is what is read, and what is broken is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agents.deep.energy.evolution import Evolution
from agents.deep.energy.lookahead import HIGH, LOW, NAMES, START
from agents.deep.energy.policy import LookaheadPolicy, load_policy, save_policy
from factory_env.errors import ArtifactError


def test_saved_weights_come_back_for_their_tariff(tmp_path: Path) -> None:
    save_policy(tmp_path, {"a": START, "b": HIGH}, {})
    policy = load_policy(tmp_path, "b")
    assert isinstance(policy, LookaheadPolicy)
    assert np.array_equal(policy.weights, HIGH)


def test_an_unknown_tariff_gets_the_mean_of_the_weights(tmp_path: Path) -> None:
    save_policy(tmp_path, {"a": LOW, "b": HIGH}, {})
    policy = load_policy(tmp_path, "c")
    assert isinstance(policy, LookaheadPolicy)
    assert np.allclose(policy.weights, (LOW + HIGH) / 2.0)


def test_cut_weights_are_refused(tmp_path: Path) -> None:
    save_policy(tmp_path, {"a": START}, {})
    (tmp_path / "policy.safetensors").write_bytes(b"cut")
    with pytest.raises(ArtifactError, match="not a readable safetensors file"):
        load_policy(tmp_path, "a")


def test_the_shipped_policy_knows_both_tariffs_within_the_ranges() -> None:
    for tariff in ("us_demand", "cn_zhejiang"):
        policy = load_policy("pretrained", tariff)
        assert isinstance(policy, LookaheadPolicy)
        assert policy.weights.shape == (len(NAMES),)
        assert (policy.weights >= LOW - 1e-9).all()
        assert (policy.weights <= HIGH + 1e-9).all()


def test_evolution_finds_the_bottom_of_a_bowl() -> None:
    # the bowl's bottom is at 0.3 in each of four weights; the start is 0.5 away in the norm
    search = Evolution(np.full(4, 0.55), 0.15, population=12, seed=0)
    for _ in range(60):
        search.advance(lambda at: float(((at - 0.3) ** 2).sum()))
    assert np.abs(search.mean - 0.3).max() < 0.01
