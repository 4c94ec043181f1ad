"""What is searched: settings of a learner with their ends, read from a file and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from experiments.command.options import read_options
from experiments.searching.options import COMMAND_LINE, merge_settings
from factory_env.door.gather import Gather
from factory_env.door.parts import unknown_key
from factory_env.errors import Problem, wrong

WORDS: Final = frozenset({"low", "high", "log", "step", "choices"})
EXAMPLE: Final = "{low: 1.0e-4, high: 1.0e-2, log: true} or {choices: [64, 128]}"
Choice = bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One setting and the values that it may take: a range, or choices."""

    key: str  # dotted, of the learner's settings
    low: float | None = None
    high: float | None = None
    log: bool = False
    step: float | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Are there whole numbers only?"""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def ends(self) -> tuple[Any, ...]:
        """Values that stand for all: both ends, or each choice."""
        return self.choices or (self.low, self.high)

    def holds(self, value: Any) -> bool:
        """May the setting take this value?"""
        if self.choices:
            return value in self.choices
        assert self.low is not None
        assert self.high is not None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.low <= value <= self.high


def read_space(
    given: Mapping[str, Any], agent: Mapping[str, Any], settings: type, gather: Gather
) -> tuple[Axis, ...]:
    """The axes of a file of ``conf/search``; what is wrong with them is added to ``gather``.

    Parameters
    ----------
    agent
        The learner's settings as they are; the axes are laid over them.
    settings
        Class of the learner's settings: every end of an axis must be one of its values.
    """
    axes = []
    if not given:
        gather.add([_wrong("", "must hold at least one setting", "nothing", EXAMPLE)])
    for key, spec in _flat(given):
        problems = list(_refuse(key, spec))
        if not problems:
            axis = Axis(key=key, **_plain(spec))
            problems = list(_refuse_values(axis, agent, settings))
            axes.append(axis)
        gather.add(problems)
    return tuple(axes)


def _flat(given: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys; a mapping with one of `WORDS` describes a setting, any other holds some."""
    for name, spec in given.items():
        key = f"{above}{name}"
        if isinstance(spec, Mapping) and spec and not WORDS & spec.keys():
            yield from _flat(spec, f"{key}.")
        else:
            yield key, spec


def _plain(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {**spec, "choices": tuple(spec.get("choices", ()))}


def _refuse(key: str, spec: Any) -> Iterator[Problem]:
    """What is wrong with the description of a setting."""
    if not isinstance(spec, Mapping) or not spec:
        yield _wrong(key, "must say low and high, or choices", repr(spec), EXAMPLE)
        return
    for word in spec.keys() - WORDS:
        yield unknown_key(str(word), sorted(WORDS), COMMAND_LINE, f"search.{key}.{word}")
    if "choices" in spec:
        choices = spec["choices"]
        if len(spec) > 1:
            yield _wrong(key, "must be a range or choices, not both", dict(spec), EXAMPLE)
        elif not isinstance(choices, list) or len(choices) < 2:
            yield _wrong(f"{key}.choices", "must be two values or more", choices, "a list of them")
        return
    low, high, is_log = spec.get("low"), spec.get("high"), spec.get("log", False)
    if not (_is_number(low) and _is_number(high) and low < high):
        yield _wrong(key, "must have a low below its high", f"{low} to {high}", EXAMPLE)
    elif not isinstance(is_log, bool) or (is_log and low <= 0):
        got = f"log: {is_log}, low: {low}"
        yield _wrong(f"{key}.log", "must be true or false, and low more than 0 with it", got, "")
    step = spec.get("step")
    if step is not None and (not _is_number(step) or step <= 0 or is_log):
        yield _wrong(f"{key}.step", "must be a number more than 0, without log", step, "e.g. 64")


def _refuse_values(axis: Axis, agent: Mapping[str, Any], settings: type) -> Iterator[Problem]:
    """Values that the learner would not take."""
    for value in axis.ends():
        gather = Gather()
        read_options(settings, merge_settings(agent, {axis.key: value}), gather, "agent")
        for problem in gather.problems:
            if problem.field.startswith(f"agent.{axis.key}"):
                yield dataclasses.replace(problem, field=f"search.{axis.key}")


def _wrong(key: str, rule: str, got: Any, right: str) -> Problem:
    return wrong(COMMAND_LINE, f"search.{key}".rstrip("."), rule, str(got), right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
