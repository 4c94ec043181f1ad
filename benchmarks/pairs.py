"""The one word of a benchmark's command line: of how many pairs of runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from factory_env.errors import InputError

WRONG_INPUT = 2
MOST = 10_000


def pairs_from(words: Sequence[str], default: int) -> int:
    """The number of pairs asked for; ends with exit code 2 and one clear line if it is none."""
    if not words:
        return default
    if len(words) == 1 and words[0].isascii() and words[0].isdecimal():
        pairs = int(words[0][:9])
        if 1 <= pairs <= MOST:
            return pairs
    error = InputError.of(
        "command line",
        "pairs",
        f"must be one whole number from 1 to {MOST:,}",
        " ".join(words),
        str(default),
    )
    print(error, file=sys.stderr)
    raise SystemExit(WRONG_INPUT)
