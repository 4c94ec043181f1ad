"""What a check gets and what it gives back: figures beside their targets, words, pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table: a key of the summary, its target and what was measured."""

    key: str
    what: str
    target: str
    measured: str
    value: Any
    met: bool | None = None  # None = shown, not judged
    part_of: str = ""  # the key that asks for this figure together with others


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG in the context's folder of pictures."""

    file: Path
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found. The four texts are whole sentences in Markdown."""

    what: str
    how: str
    expected: str
    found: str
    figures: tuple[Figure, ...]
    pictures: tuple[Picture, ...] = ()
    not_run: str = ""  # why not, if it was not run

    @property
    def met(self) -> bool | None:
        """Are all judged figures inside their targets? None if none was judged."""
        judged = [f.met for f in self.figures if f.met is not None]
        return all(judged) if judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a check finds data, where it leaves pictures, and whom it tells how far it is."""

    pictures: Path
    data_dir: Path | None = None
    progress: Callable[[float], None] = lambda share: None  # share of the check done, 0 to 1


class Check(Protocol):
    """A plug of this folder. Its constructor needs no arguments; tests pass smaller sizes."""

    title: ClassVar[str]
    place: ClassVar[int]  # position in the page
    seconds: ClassVar[float]  # about how long it takes, for the progress bar
    needs_data: ClassVar[bool]
    keys: ClassVar[tuple[str, ...]]  # of the figures it will give

    def run(self, context: Context) -> CheckResult:
        """Measure, draw, and compare with the targets."""
        ...


def power(value: float) -> str:
    """A tiny number, as a power of ten."""
    return "0" if value == 0.0 else f"{value:.0e}"


def not_run(keys: Sequence[str], reason: str) -> CheckResult:
    """The result of a check that was not run: its keys are there, and say why."""
    return CheckResult(
        what="",
        how="",
        expected="",
        found="",
        figures=tuple(
            Figure(key=key, what="", target="", measured=f"not run: {reason}", value=None)
            for key in keys
        ),
        not_run=reason,
    )
