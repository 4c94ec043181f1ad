"""Says when an order can be shipped: `promise.py style=polo-02 quantity=2000 orders=my_book.csv`.

The dates that are kept with 50, 80 and 95 % probability, on which line, what the order displaces,
what it costs, and the dates with overtime or on another line.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.futures.promising.asking import read_wish
from experiments.futures.promising.options import PromiseOptions
from experiments.futures.promising.session import make_promise
from experiments.futures.promising.telling import print_promise, summarise, write_sheets
from factory_env.door.gather import Gather


def task(options: PromiseOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, play, tell."""
    asked = None if gather.problems else gather(read_wish, options)
    gather.done()
    assert asked is not None
    for note in asked.notes:
        print(f"note: {note}", file=sys.stderr)
    promise = make_promise(asked)
    print_promise(promise)
    write_sheets(promise, run.path)
    if options.pictures:
        from experiments.futures.promising.page import write_promise_page

        print(f"page: {write_promise_page(promise, run.path)}")
    return summarise(promise)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("promise", task, argv)


if __name__ == "__main__":
    main()
