"""Measures what energy accounting costs: `python benchmarks/energy_overhead.py [pairs]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pairs import pairs_from  # noqa: E402
from experiments.evaluating.overhead import measure  # noqa: E402


def main() -> None:
    pairs = pairs_from(sys.argv[1:], 60)
    found = measure(pairs)
    print(f"processor time of a mid-plant run with energy accounting / without, {pairs} pairs:")
    print(f"{found.mean:.3f} (95 % interval {found.low:.3f} to {found.high:.3f}; target 1.25)")
    print(
        json.dumps(
            {
                "energy_overhead": found.mean,
                "energy_overhead_ci_low": found.low,
                "energy_overhead_ci_high": found.high,
                "pairs": pairs,
            }
        )
    )


if __name__ == "__main__":
    main()
