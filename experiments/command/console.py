"""``seamline <command> ...``: every command behind one word, each brought only when it is named."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Sequence

from experiments.command.commands import list_commands
from experiments.command.outlet import open_outlets

FAILED, WRONG_INPUT = 1, 2
ASKS = ("--help", "-h", "--version")


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command, or answer ``--help``, ``--version`` and ``completion``.

    Exit codes as those of `run_main`.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    first = words[0].replace("-", "_") if words and not words[0].startswith("-") else ""
    is_asked = any(word in ASKS for word in words[1:])
    if first in list_commands() and not is_asked:
        importlib.import_module(f"experiments.{first}").main(words[1:])
        return
    with open_outlets() as (out, _):
        _answer(first, words)
    if out.failure is not None:
        if not isinstance(out.failure, BrokenPipeError):  # ... | head is no mistake
            print(f"seamline: {out.failure.strerror}", file=sys.stderr)
        raise SystemExit(FAILED)


def _answer(first: str, words: list[str]) -> None:
    if first == "completion":
        _print_completion(words[1:])
        return
    from experiments.command.help_page import answer_at_once, print_help, print_version

    if first in list_commands():
        answer_at_once(first, words[1:])
    elif not words or words[0] in ("--help", "-h", "help"):
        print_help()
    elif words[0] == "--version":
        print_version()
    else:
        known = [*list_commands(), "completion"]
        near = difflib.get_close_matches(first, known, n=2)
        right = f"did you mean {' or '.join(near)}?" if near else f"one of {', '.join(known)}"
        _refuse("must be a command", repr(words[0]), right)


def _print_completion(words: list[str]) -> None:
    from experiments.command.completion import SCRIPTS, WORDS, complete_line

    if words and words[0] == WORDS:
        print("\n".join(complete_line(" ".join(words[1:]))))
    elif len(words) == 1 and words[0] in SCRIPTS:
        print(SCRIPTS[words[0]], end="")
    else:
        got = " ".join(words) or "nothing"
        _refuse("must name a shell", got, "seamline completion bash, or zsh")


def _refuse(rule: str, got: str, right: str) -> None:
    shown = "".join(c if c.isprintable() else "?" for c in got)
    print(f"seamline: {rule}; got {shown}; {right}", file=sys.stderr)
    raise SystemExit(WRONG_INPUT)
