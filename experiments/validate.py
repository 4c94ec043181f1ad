"""Checks the model against theory and data, and writes docs/validation.md.

`only=[queues,aql]` runs some checks, its page goes into the run folder.
`flow_shop=<file> [sequence=<file>]` prints the makespan of one flow shop on the sewing line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import ROOT, RunFolder
from experiments.validating.flow_shop import one_instance
from experiments.validating.options import ValidateOptions
from experiments.validating.page import print_figures, write_page
from experiments.validating.running import chosen, data_folder, run_checks, summary
from factory_env.door.gather import Gather


def task(options: ValidateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the settings, run the checks, write the page, print the keys."""
    gather.done()
    if options.flow_shop is not None or options.sequence is not None:
        return one_instance(options.flow_shop, options.sequence)
    names, data_dir = gather(chosen, options.only), gather(data_folder, options.data_dir)
    gather.done()
    assert names is not None
    docs = ROOT / "docs"
    folder = docs if options.only is None and docs.is_dir() else run.path
    results = run_checks(names, data_dir, folder / "pictures" / "validation")
    page = write_page(results, folder / "validation.md")
    print_figures(results)
    print(f"page: {os.path.relpath(page)}")
    return summary(results)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("validate", task, argv)


if __name__ == "__main__":
    main()
