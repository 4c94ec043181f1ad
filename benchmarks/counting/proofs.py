"""Figures that need runs: a total cost, equal logs, the tests' minutes, a decision's price."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

SAME_BYTES = {
    "golden_equal": ("tests/golden",),
    "logs_equal": (
        "tests/laws/test_same_run_same_log.py",
        "tests/laws/test_fork.py",
        "tests/laws/test_fork_energy.py",
        "tests/experiments/test_branch.py",
    ),
}
COST = "same_total_cost_usd"
CYCLES = "decision_in_simpy_cycles"
MINUTES = "test_minutes"


def total_cost_usd(root: Path) -> float:
    """Total cost of the shipped agent on the held-out seeds."""
    with tempfile.TemporaryDirectory() as folder:
        _run(root, "experiments/evaluate.py", "agent=pretrained", f"hydra.run.dir={folder}")
        text = (Path(folder) / "summary.json").read_text(encoding="utf-8")
    cost: float = json.loads(text)["agent_total_cost_usd"]
    return cost


def passes(root: Path, paths: tuple[str, ...]) -> bool:
    """Do all tests under ``paths`` pass?"""
    return _code(root, "-m", "pytest", "-q", *paths) == 0


def decision_in_simpy_cycles(root: Path) -> float:
    """The environment's step over SimPy's cycle, as `benchmarks/speed.py` measures them."""
    figure: float = json.loads(_run(root, "benchmarks/speed.py").splitlines()[-1])[CYCLES]
    return figure


def test_minutes(root: Path) -> float:
    """Minutes of the quick set on two cores; a failing set has none."""
    begin = perf_counter()
    code = _code(root, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile")
    return (perf_counter() - begin) / 60 if code == 0 else float("nan")


def proofs(root: Path, with_all_tests: bool) -> Mapping[str, Callable[[], float | bool]]:
    """Key -> how it is measured."""
    measured: dict[str, Callable[[], float | bool]] = {
        COST: lambda: total_cost_usd(root),
        **{key: lambda paths=paths: passes(root, paths) for key, paths in SAME_BYTES.items()},  # type: ignore[misc]
        CYCLES: lambda: decision_in_simpy_cycles(root),
    }
    if with_all_tests:
        measured[MINUTES] = lambda: test_minutes(root)
    return measured


def _run(root: Path, *arguments: str) -> str:
    """What a fresh Python process prints; its error ends this one."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=_one_thread(), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _code(root: Path, *arguments: str) -> int:
    """The exit code of a fresh Python process."""
    done = subprocess.run([sys.executable, *arguments], cwd=root, env=_one_thread(), stdout=2)
    return done.returncode


def _one_thread() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}
