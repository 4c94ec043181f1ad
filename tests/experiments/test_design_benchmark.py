"""The measurement of designs runs and reports what the acceptance needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("demand", ["drawn", "gan"])
def test_pictures_are_worth_something_and_cost_little(demand: str) -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/designs.py", demand],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["designs_200_s"] <= 0.5
    assert found["designs_share_of_episode"] <= 0.10
    for error in (found["order_error"], found["run_error"]):
        assert error["true"] < 0.9 * error["shuffled"]
    assert found["r2"]["true"] > found["r2"]["shuffled"]
