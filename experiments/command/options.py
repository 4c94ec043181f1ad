"""The one door for options: a part of the config in, a frozen dataclass out, every problem at once.

What a value may be stands at its field, as a type: `Count`, `Share`, `Folder`, a ``Literal``. A
rule between fields is a method `problems` of the dataclass.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar, runtime_checkable

from annotated_types import Ge, Gt, Interval, Le, Lt, MultipleOf
from pydantic import AfterValidator, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from factory_env.domain.limits import MOST
from factory_env.door.gather import Gather
from factory_env.door.parts import sentence, unknown_key
from factory_env.door.text_file import is_file, user_path
from factory_env.errors import Problem, wrong
from factory_env.presets import CONF

COMMAND_LINE = "command line"
IN_WORDS = "in_words"  # our name for an error that brings its own rule
LAX = ConfigDict(coerce_numbers_to_str=True, allow_inf_nan=False)

T = TypeVar("T")


@runtime_checkable
class Ruled(Protocol):
    """Options with rules between their fields."""

    def problems(self) -> Iterable[Problem]:
        """What does not go together."""
        ...


def refusal(rule: str, right: str) -> PydanticCustomError:
    """The error of a value whose type checks it itself, for a pydantic validator to raise."""
    return PydanticCustomError(IN_WORDS, "{rule}", {"rule": rule, "right": right})


def needed(right: str) -> BeforeValidator:
    """Of a key that stands as null in the config and must be given; ``right`` says how."""

    def given(value: Any) -> Any:
        if value is None or not str(value).strip():
            raise refusal("must be given", right)
        return value

    return BeforeValidator(given)


def _folder(path: Path) -> Path:
    path = user_path(str(path))
    if not path.is_dir():
        raise refusal("must be a folder", "a folder that exists")
    return path


def _file(path: Path) -> Path:
    path = user_path(str(path))
    if not is_file(str(path)):
        raise refusal("must be a readable file", "check the path")
    return path


def _day(value: Any) -> Any:
    try:
        return value if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise refusal("must be a day", "YYYY-MM-DD, e.g. 2015-02-28") from None


Folder = Annotated[Path, AfterValidator(_folder)]  # one that exists
File = Annotated[Path, AfterValidator(_file)]
Day = Annotated[date, BeforeValidator(_day)]


def read_options(kind: type[T], given: Mapping[str, Any], gather: Gather, path: str = "") -> T:
    """The options of a config; what is wrong with them is added to ``gather``.

    A wrong value is replaced by its default, so that whatever else is wrong can be told in the
    same breath; nobody may act on the options before ``gather.done()``.

    Parameters
    ----------
    kind
        A frozen dataclass with defaults. Its keys stand in ``given``; at the top level, where
        ``path`` is empty, there may be others beside them.
    path
        Dotted path of ``given`` in the config.

    Raises
    ------
    InputError
        With the problems gathered so far, if a key without a default is wrong.
    """
    hints = typing.get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    names = [field.name for field in fields]
    for key in given.keys() - set(names) if path else ():
        gather.add([unknown_key(str(key), names, COMMAND_LINE, f"{path}.{key}")])
    for field in fields:
        reading = _Reading(gather, f"{path}.{field.name}".lstrip("."), field)
        if field.name in given:
            value = reading.value(hints[field.name], given[field.name])
        else:
            value = ...
            reading.missing()
        if value is not ...:
            values[field.name] = value
    if any(field.name not in values and not _has_default(field) for field in fields):
        gather.done()
    options = kind(**values)
    if isinstance(options, Ruled):
        refused = {problem.field for problem in gather.problems}
        gather.add(p for p in options.problems() if p.field not in refused)
    return options


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """One key on its way in; ``...`` stands for a value that is of no use."""

    gather: Gather
    path: str
    field: dataclasses.Field[Any]

    def value(self, hint: Any, given: Any) -> Any:
        """The checked value."""
        inner = _without_null(hint)
        if given is None and inner is not hint:
            return None
        if _is_options(inner) or typing.get_origin(inner) is Mapping:
            if isinstance(given, Mapping):
                return self._mapping(inner, given)
            self._refuse("must hold keys and values", repr(given), self._right())
            return ...
        number = _bare(inner)
        if number is int and isinstance(given, float) and given.is_integer():
            given = int(given)  # 1e5
        try:
            strict = number in (int, float, bool)
            return _adapter(hint).validate_python(given, strict=strict)
        except ValidationError as error:
            item = error.errors()[0]
            if item["type"] == IN_WORDS:
                or_null = "" if inner is hint else ", or null"
                got = "nothing" if given is None else str(given)
                self._refuse(item["msg"], got, item["ctx"]["right"] + or_null)
            elif given is None:
                self._refuse("must be given", "nothing", self._right())
            else:
                self._refuse(_rule(hint, item["msg"], given), repr(given), self._right())
            return ...

    def _mapping(self, hint: Any, given: Mapping[str, Any]) -> Any:
        if _is_options(hint):
            return read_options(hint, given, self.gather, self.path)
        kind = typing.get_args(hint)[1]
        values = {
            str(key): _Reading(self.gather, f"{self.path}.{key}", self.field).value(kind, part)
            for key, part in given.items()
        }
        return {key: value for key, value in values.items() if value is not ...}

    def missing(self) -> None:
        """The key is not there."""
        if not _has_default(self.field):
            self._refuse("must be given", "nothing", self._right())

    def _refuse(self, rule: str, got: str, right: str) -> None:
        self.gather.add([wrong(COMMAND_LINE, self.path, rule, got, right)])

    def _right(self) -> str:
        default = self.field.default
        if isinstance(default, bool | int | float | str):
            return f"the default is {str(default).lower() if default is True else default}"
        group = self.path.split(".")[0]
        return f"see conf/{group}/" if (CONF / group).is_dir() else "see the file in conf/"


@lru_cache(maxsize=512)
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint, config=LAX)  # made once: it takes longer than what it reads


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _without_null(hint: Any) -> Any:
    """``X`` of ``X | None``; any other type as it is."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else hint
    return hint


def _bare(hint: Any) -> Any:
    """A type without what is annotated to it."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint


def _is_options(hint: Any) -> bool:
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def _rule(hint: Any, message: str, given: Any) -> str:
    """What must hold, in words."""
    inner = _without_null(hint)
    bare, or_null = _bare(inner), "" if inner is hint else ", or null"
    if bare is bool:
        return "must be true or false" + or_null
    if bare in (int, float):
        return f"must be a {'whole ' if bare is int else ''}number{_bounds(inner, given)}{or_null}"
    if typing.get_origin(bare) is Literal:
        words = [str(word) for word in typing.get_args(bare)]
        known = " or ".join(words) if len(words) < 3 else f"one of {', '.join(words)}"
        return f"must be {known}{or_null}"
    return sentence(message) + or_null


def _bounds(hint: Any, given: Any) -> str:
    """The range of a number, in words; the end of all numbers only where it is passed."""
    is_far = isinstance(given, int | float) and given > MOST
    marks = hint.__metadata__ if typing.get_origin(hint) is Annotated else ()
    low, high, step = "", "", ""
    for mark in (part for m in marks for part in (m if isinstance(m, Interval) else (m,))):
        if isinstance(mark, Ge):
            low = f" of at least {mark.ge}"
        elif isinstance(mark, Gt):
            low = f" more than {mark.gt}"
        elif isinstance(mark, Le) and (mark.le < MOST or is_far):
            high = f" at most {mark.le}"
        elif isinstance(mark, Lt):
            high = f" less than {mark.lt}"
        elif isinstance(mark, MultipleOf):
            step = f" in steps of {mark.multiple_of}"
    if "at least" in low and "at most" in high:
        return f"{low.replace('of at least', 'from')}{high.replace('at most', 'to')}{step}"
    return f"{low}{' and' if low and high else ''}{high}{step}"
