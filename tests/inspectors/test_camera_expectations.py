"""What the camera says of a degree of strictness is what its verdicts come to."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.ports import Expecting, Pieces
from factory_env.sim.world import make_inspector

N = 40_000
STRICTNESS = np.array([0.25, 1.0, 4.0])


def test_expected_shares_are_those_of_many_verdicts() -> None:
    scenario = load_scenario(
        "small", overrides={"inspector": "cnn", "horizon_days": 3, "demand.days": 2}
    )
    camera = make_inspector(scenario, Factory(scenario, 0).tables.styles)
    rng = np.random.default_rng(0)
    assert isinstance(camera, Expecting)
    assert camera.has_threshold
    share = np.array([kind.share for kind in scenario.library.defects])
    kinds = 1 + rng.choice(share.shape[0], N, p=share / share.sum())
    code = np.where(rng.random(N) < 0.3, kinds, 0)
    severity = np.where(code > 0, rng.uniform(LEAST_SEVERITY, 1.0, N), 0.0)
    bad = float((code > 0).mean())
    flagged, escaped = camera.expected(0, 0.0, bad, STRICTNESS)
    assert (np.diff(flagged) > 0).all()
    assert (np.diff(escaped) < 0).all()
    for i, strictness in enumerate(STRICTNESS.tolist()):
        verdict = camera.judge(
            Pieces(
                defect=code.astype(np.int8),
                severity=severity,
                shift_hour=np.zeros(N),
                luck=rng.random(N),
                strictness=strictness,
            )
        )
        assert float(verdict.mean()) == pytest.approx(float(flagged[i]), abs=0.01)
        assert float((~verdict & (code > 0)).mean()) == pytest.approx(float(escaped[i]), abs=0.01)
