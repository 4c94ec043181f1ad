"""Measures the house's speed in one run: `python benchmarks/speed.py` prints a table and a JSON."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import engines, environment  # noqa: E402
from experiments.validating.random_jobs import largest_difference  # noqa: E402

MEANING = {
    "recursion_vs_twin": "operations per second, compiled line over SimPy line, 3,000 polos",
    "recursion_ops_per_s": "operations per second of the compiled line",
    "simulation_vs_twin": "mid-plant run of 60 days, time with the SimPy line over compiled",
    "simulation_s": "seconds of the whole run with the compiled line",
    "twin_max_abs_diff_min": "largest difference of completion times, 200 random cases [min]",
    "simpy_cycle_us": "one bare SimPy request-timeout-release [microseconds]",
    "env_step_us": "one step of the mid-plant environment [microseconds]",
    "decision_in_simpy_cycles": "env step / SimPy cycle, measured side by side",
    "decisions_per_s": "env steps per second, rule time excluded",
    "env_overhead_share": "share of an env step outside Factory.advance and answer",
    "rss_mb": "resident memory of a process after 20 mid-plant episodes [MB]",
    "rss_after_5_mb": "the same after 5 episodes [MB]",
    "torch_imported": "did that process import torch?",
    "logs_equal": "two processes, same policy and seed: equal bytes in every column",
}


def measure(quick: bool = False) -> dict[str, float | bool]:
    """All numbers; ``quick`` takes fewer repeats."""
    found: dict[str, float | bool] = {}
    found |= engines.line_speeds(repeats=5 if quick else 9)
    found |= engines.simulation_speeds(repeats=1 if quick else 3)
    found["twin_max_abs_diff_min"] = largest_difference(20 if quick else 200)
    found |= environment.step_speeds(rounds=3 if quick else 9)
    found |= memory(episodes=6 if quick else 20)
    found["logs_equal"] = len({_child("log") for _ in range(2)}) == 1
    return {name: found[name] for name in MEANING}


def memory(episodes: int) -> dict[str, float | bool]:
    """Resident memory of a fresh process that plays ``episodes`` episodes."""
    answer = json.loads(_child("memory", str(episodes)))
    return {
        "rss_mb": answer["end_mb"],
        "rss_after_5_mb": answer["after_5_mb"],
        "torch_imported": answer["torch"],
    }


def _child(*arguments: str) -> str:
    """Last line a fresh Python process prints when it runs `benchmarks.child`."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]


def table(found: dict[str, float | bool]) -> str:
    """The numbers with their meaning."""
    lines = []
    for name, value in found.items():
        text = str(value) if isinstance(value, bool) else f"{value:,.4g}"
        lines.append(f"{name:26} {text:>12}  {MEANING[name]}")
    return "\n".join(lines)


def write(found: dict[str, float | bool]) -> Path:
    """Keep the numbers, with the machine, in a run folder of their own."""
    folder = ROOT / "runs" / "speed" / datetime.now().strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    path = folder / "summary.json"
    path.write_text(json.dumps({**found, **machine}, indent=2) + "\n", encoding="utf-8")
    return path


def main() -> None:
    begin = perf_counter()
    found = measure(quick="--quick" in sys.argv[1:])
    print(table(found))
    path = write(found)
    print(f"wrote {path.relative_to(ROOT)} after {perf_counter() - begin:.0f} s")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
