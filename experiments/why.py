"""Explains why an order is late: `why.py order=PO-2026 orders=my_book.csv`.

Where its days went, cause by cause; the same luck without each cause; and what would have helped,
the cheapest first.
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
from experiments.command.words import name_bare_folder
from experiments.futures.reasons.options import WhyOptions
from experiments.futures.reasons.session import find_reasons
from experiments.futures.reasons.subject import choose_subject
from experiments.futures.reasons.telling import print_reasons, summarise, write_sheets
from factory_env.door.gather import Gather


def task(options: WhyOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, play, compare, tell."""
    subject = None if gather.problems else gather(choose_subject, options)
    gather.done()
    assert subject is not None
    for note in subject.notes:
        print(f"note: {note}", file=sys.stderr)
    reasons = find_reasons(options, subject)
    print_reasons(reasons)
    write_sheets(reasons, run.path)
    if options.pictures:
        from experiments.futures.reasons.page import write_why_page
        from experiments.futures.reasons.picture import draw_reasons

        print(f"page: {write_why_page(reasons, run.path)}")
        print(f"its way and what would have helped: {draw_reasons(reasons, run.path)}")
    return summarise(reasons)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    words = sys.argv[1:] if argv is None else argv
    run_main("why", task, name_bare_folder(words, "run"))


if __name__ == "__main__":
    main()
