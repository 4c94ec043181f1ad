"""The speed measurement runs and reports what the acceptance needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
def test_speed_main_prints_its_numbers_as_json_on_the_last_line() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/speed.py", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["twin_max_abs_diff_min"] <= 1e-9
    assert found["logs_equal"] is True
    assert found["torch_imported"] is False
    assert found["recursion_vs_twin"] > 25  # docs/decisions: the reason why bundles are no events
    assert found["simulation_vs_twin"] > 1
    assert 0.0 < found["env_overhead_share"] < 1.0
    assert found["rss_mb"] < 1000
    assert found["decision_in_simpy_cycles"] > 0
