"""Measures how often intervals of futures hold the truth: `python benchmarks/coverage.py [seeds]`.

400 repeated studies of 20 pairs of runs each are drawn from a pool of runs, which is the truth
(`experiments/validating/coverage.py`). Takes half a minute per 300 seeds of the pool.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.keeping import keep  # noqa: E402
from benchmarks.pairs import pairs_from  # noqa: E402
from experiments.validating.coverage import average, measure_coverage  # noqa: E402
from experiments.validating.luck_pool import make_variants, play_pool  # noqa: E402

STUDIES, RUNS = 400, 20


def main() -> None:
    seeds = pairs_from(sys.argv[1:], 300)
    pool = play_pool(make_variants("small", 30, "normal"), seeds, lambda share: None)
    coverage = measure_coverage(pool, STUDIES, RUNS)
    shares = {
        "coverage_differences": average(coverage.differences),
        "coverage_on_time": average(coverage.on_time),
        "coverage_ship_dates": average(coverage.ship_dates),
        "coverage_stopped": average(coverage.stopped),
    }
    print(f"{STUDIES} studies of {RUNS} pairs from a pool of {seeds}; 95 % intervals that hold it:")
    for name, share in shares.items():
        print(f"{name:22} {100 * share:.1f} % (target 93 to 97; ship dates: from 93)")
    both = (shares["coverage_differences"] + shares["coverage_on_time"]) / 2
    figures = {"coverage_95": both, **shares, "studies": STUDIES, "pool_seeds": seeds}
    keep("coverage", figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
