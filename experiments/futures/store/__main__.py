"""`python -m experiments.futures.store "select ..." [runs/store]` prints what the query finds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from experiments.futures.store.query import query_runs
from factory_env.errors import InputError

WRONG_INPUT: Final = 2
FOLDER: Final = "runs/store"


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table for people, CSV where nobody looks; the exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    if len(words) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return WRONG_INPUT
    try:
        rows = query_runs(Path(words[1] if len(words) == 2 else FOLDER), words[0])
    except InputError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    is_seen = sys.stdout.isatty()
    sys.stdout.write(rows.to_string(index=False) + "\n" if is_seen else rows.to_csv(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
