"""Measures what the bank of verdicts costs: `python benchmarks/bank_overhead.py [pairs]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pairs import pairs_from  # noqa: E402
from experiments.fitting.camera.bank_overhead import measure  # noqa: E402


def main() -> None:
    pairs = pairs_from(sys.argv[1:], 40)
    found = measure(pairs)
    print(f"share of a mid-plant run's processor time that inspector=cnn takes, {pairs} pairs:")
    print(
        f"{found.share:.3f} (95 % interval of the median {found.share_low:.3f} to "
        f"{found.share_high:.3f}; target 0.05); {found.pieces_per_s:,.0f} pieces/s"
    )
    print(f"run with the bank / run with a perfect inspector: {found.ratio:.3f}")
    print(
        json.dumps(
            {
                "bank_overhead": found.share,
                "bank_overhead_ci_low": found.share_low,
                "bank_overhead_ci_high": found.share_high,
                "bank_ratio": found.ratio,
                "bank_pieces_per_s": found.pieces_per_s,
                "pairs": pairs,
            }
        )
    )


if __name__ == "__main__":
    main()
