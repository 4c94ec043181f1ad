"""Every error the house raises on purpose.

SeamlineError
├── InputError        something a person gave us is wrong (all problems of it at once)
├── PolicyFailure     a policy of the user's raised, hung or answered illegally
├── IllegalAnswer     a policy answered with something the decision does not offer
├── BranchError       a run cannot be forked at that minute
├── DeadlockError     nothing can happen any more and work is left
└── ArtifactError     a saved model or log is of another version or damaged
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 400  # letters of a found value that a message shows


def one_line(text: str) -> str:
    r"""A text of a user's on one line of plain letters: no control character reaches a terminal.

    >>> one_line("a\x1b[31m\nb")
    'a\\x1b[31m\\nb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class SeamlineError(Exception):
    """Base of all errors raised on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in one place of an input."""

    where: str  # file and line, or config and key
    field: str
    rule: str  # what must hold
    got: str  # the value found
    right: str  # what would be right

    def __str__(self) -> str:
        got = self.got if len(self.got) <= LONGEST else f"{self.got[:LONGEST]} ..."
        return one_line(f"{self.where}: {self.field}: {self.rule}; got {got}; {self.right}")


def wrong(where: str, field: str, rule: str, got: object, right: str) -> Problem:
    """One problem, in the order in which its message reads.

    >>> print(wrong("command line", "seed", "must be 0 or more", -3, "e.g. seed=0"))
    command line: seed: must be 0 or more; got -3; e.g. seed=0
    """
    return Problem(where=where, field=field, rule=rule, got=str(got), right=right)


class InputError(SeamlineError):
    """Wrong input. Carries every problem found, not only the first, and each once."""

    SHOWN = 50

    @classmethod
    def of(cls, where: str, field: str, rule: str, got: object, right: str) -> InputError:
        """The error of one problem, see `wrong`."""
        return cls([wrong(where, field, rule, got, right)])

    def __init__(self, problems: Sequence[Problem]) -> None:
        if not problems:
            raise ValueError("InputError needs at least one problem")
        problems = self.problems = tuple(dict.fromkeys(problems))
        lines = [f"  {p}" for p in self.problems[: self.SHOWN]]
        hidden = len(self.problems) - len(lines)
        if hidden:
            lines.append(f"  ... and {hidden} more")
        noun = "problem" if len(self.problems) == 1 else "problems"
        super().__init__(f"{len(self.problems)} {noun} in the input:\n" + "\n".join(lines))

    def __reduce__(self) -> tuple[type[InputError], tuple[Sequence[Problem]]]:
        """From one process to another with its problems, not with its text."""
        return type(self), (self.problems,)


class IllegalAnswer(SeamlineError):
    """An answer that the pending decision does not offer."""


class PolicyFailure(SeamlineError):
    """A policy that is not of the house failed while it played.

    Parameters
    ----------
    policy
        What the user calls it.
    kind
        What it did, in two words.
    reason
        What happened, and at which question.
    trace
        The traceback of its own code; "" where there is none.
    """

    def __init__(self, policy: str, kind: str, reason: str, trace: str = "") -> None:
        self.policy = policy
        self.kind = kind
        self.reason = one_line(reason)
        self.trace = trace
        super().__init__(f"{one_line(policy)} {kind}: {self.reason}")

    def __reduce__(self) -> tuple[type[PolicyFailure], tuple[str, str, str, str]]:
        """From one process to another with its parts."""
        return type(self), (self.policy, self.kind, self.reason, self.trace)


class BranchError(SeamlineError):
    """A fork at a minute that the run has not lived; the message says what it has."""


class DeadlockError(SeamlineError):
    """Work is left but no station can move any more; the message names the stations."""


class ArtifactError(SeamlineError):
    """A saved model, log or table cannot be used; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))
