"""Spoiled tariffs, prices and weather files work or are refused; nothing else happens.

``python -m tests.door.test_fuzzed_energy 10000`` tries more of them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest

from tests.door.mutations import try_rate, try_series, try_tariff

TRIES = {"rate": try_rate, "tariff": try_tariff, "series": try_series}
QUICK = 120  # of each kind
SLOW_S = 5.0


@pytest.mark.parametrize("kind", TRIES)
def test_a_spoiled_file_works_or_is_refused(tmp_path, kind) -> None:
    for seed in range(QUICK):
        TRIES[kind](random.Random(f"{kind} {seed}"), tmp_path)


def count_failures(n: int) -> int:
    """Try ``n`` files of each kind; what escapes is written to standard error."""
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, attempt in TRIES.items():
            for seed in range(n):
                begin = time.perf_counter()
                try:
                    attempt(random.Random(f"{kind} {seed}"), Path(folder))
                except Exception:
                    failures += 1
                    sys.stderr.write(f"{kind} {seed}\n{traceback.format_exc()[-900:]}\n")
                if time.perf_counter() - begin > SLOW_S:
                    sys.stderr.write(f"{kind} {seed}: slow\n")
    return failures


if __name__ == "__main__":
    sys.exit(count_failures(int(sys.argv[1])) > 0)
