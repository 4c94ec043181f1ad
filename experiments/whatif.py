"""Answers what if: a base beside its variants, under the same luck, with odds for every order.

`what=` names a question: a file of `conf/what`, or your own. `orders=my_book.xlsx` asks it of your
orders. The answer is a table, one HTML page, a workbook, CSV files and JSON.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.futures.asking.options import WhatifOptions, ask_question
from experiments.futures.store.runs import open_store
from factory_env.door.gather import Gather

PAGE: Final = "answer.html"


def task(options: WhatifOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the question, play it, tell and write the answer."""
    begun = time.perf_counter()
    asked = gather(ask_question, options)
    store = gather(open_store, options.store)
    gather.done()
    assert asked is not None
    for note in asked.question.notes:
        print(f"note: {note}", file=sys.stderr)
    from experiments.futures.answer import answer
    from experiments.futures.telling import print_answer, summarise, write_answer

    said = answer(asked.question, options.workers, store=store, first_day=asked.first_day)
    facts = write_answer(said, run.path, is_whole=options.page)
    print_answer(said, facts)
    page = run.path / PAGE
    megabytes = {"html_mb": page.stat().st_size / 1e6} if page.is_file() else {}
    return {**summarise(said, facts, time.perf_counter() - begun), **megabytes}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("whatif", task, argv)


if __name__ == "__main__":
    main()
