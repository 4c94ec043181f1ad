"""Policies that failed while they played: told on the terminal, in a file each, in the summary."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, Final

from experiments.command.run_folder import RunFolder, write_text
from experiments.evaluating.tournament import Failure
from factory_env.errors import one_line

_FILE: Final = re.compile(r"[^\w.-]+")  # letters that no file's name needs


def report_failures(failures: Iterable[Failure], run: RunFolder) -> dict[str, Any]:
    """Name who failed, keep the tracebacks; returns ``failed`` for the summary, by policy."""
    told: dict[str, Any] = {}
    for failure in failures:
        file = f"failed_{_FILE.sub('_', failure.name)}.txt"
        write_text(run.path / file, describe_failure(failure))
        print(_one_line_each(describe_failure(failure)), file=sys.stderr, end="")
        print(f"kept in {run.path / file}; the others go on", file=sys.stderr)
        told[failure.name] = {
            "kind": failure.kind,
            "reason": failure.reason,
            "seed": failure.seed,
            "file": file,
        }
    return {"failed": told}


def describe_failure(failure: Failure) -> str:
    """Who, what, on which seed; below it the traceback of the policy's own code."""
    head = f"{failure.name} {failure.kind} on seed {failure.seed}: {failure.reason}\n"
    return head + failure.trace


def _one_line_each(text: str) -> str:
    return "".join(f"{one_line(line)}\n" for line in text.splitlines())
