"""Reads a YAML file of a user's as plain values: words, numbers, lists and mappings, no more.

Read as OmegaConf reads it (``1e5`` is a number, a key stands once). What can do harm is refused:
``${...}``, which Hydra would fill from the environment; tags; aliases that multiply; values that
are missing. A file that says less than its size would fill is read by its events first.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from factory_env.door.text_file import read_bytes
from factory_env.errors import InputError, Problem, wrong

MOST_MB: Final = 4.0
MOST_DEPTH: Final = 24  # of lists and mappings in each other; the shipped files have 5
MOST_VALUES: Final = 200_000
MOST_ALIASES: Final = 1_000
MOST_KEYS: Final = 5_000  # of one mapping, with those merged into it
LARGEST_WHOLE: Final = 2**63 - 1
RIGHT: Final = "see conf/ for an example"
REMEMBERED_CHARS: Final = 100_000  # the longest text that is read once for many readers
# libyaml's parser where PyYAML was built with it: seven times as fast
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TABLES: Final = (".csv", ".tsv", ".txt", ".dat")
_FLOAT: Final = re.compile(
    r"""^(?:[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
        |[-+]?[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+)
        |\.[0-9]+(?:_[0-9]+)*(?:[eE][-+][0-9]+)?
        |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$""",
    re.X,
)
ON: Final = "on"  # as a key: the day of a change; as a value it is true
OWN_KINDS: Final = ("timestamp", "int", "float")  # read by rules of our own
_WHOLE: Final = re.compile(r"^[-+]?(?:0|[1-9][0-9_]*)$")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class _Loader(_FAST):  # type: ignore[misc]
    """YAML with floats as OmegaConf reads them, days as words, and keys that stand once."""

    def flatten_mapping(self, node: Any) -> None:
        super().flatten_mapping(node)
        if len(node.value) > MOST_KEYS:  # merges of merges multiply
            raise yaml.constructor.ConstructorError(
                None, None, f"more than {MOST_KEYS} keys in a mapping", node.start_mark
            )

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == ON:
                key.tag = "tag:yaml.org,2002:str"  # ``on: day 3`` names a day
            if key.value in keys if isinstance(key, yaml.ScalarNode) else False:
                raise yaml.constructor.ConstructorError(
                    None, None, f"found duplicate key {key.value}", key.start_mark
                )
            keys.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        return super().construct_mapping(node, deep=deep)


# no days, no 010 that is 8, no 10:30 that is 630: a number that nobody meant
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag.rpartition(":")[2] not in OWN_KINDS]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789."))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _WHOLE, list("-+0123456789"))


def read_yaml(path: Path, *, literal: bool = False) -> dict[str, Any]:
    """The keys and values of a YAML file.

    Parameters
    ----------
    literal
        ``${`` is text: in a file that the program itself wrote.

    Raises
    ------
    InputError
        If it cannot be read, holds no keys and values, or anything that is no plain value; with
        every such value.
    """
    data = read_bytes(path, most_mb=MOST_MB)
    try:
        text = data.decode("utf-8-sig")
        is_short = len(text) <= REMEMBERED_CHARS
        problem, content = _read_text(text) if is_short else _read_text.__wrapped__(text)
        if problem is not None:
            raise InputError.of(str(path), "file", *problem)
        content = pickle.loads(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _unreadable(path, _first_line(error)) from None
    except InputError:
        raise
    except Exception as error:  # its constructors raise anything over text with a tag: !!int ""
        raise _unreadable(path, f"{type(error).__name__}: {_first_line(error)}") from None
    if not isinstance(content, dict):
        kind = "nothing" if content is None else type(content).__name__
        right = RIGHT
        if path.suffix.lower() in _TABLES:
            kind = "a table"
            right = "a YAML or JSON file, which names the table: e.g. a tariff's spot.file"
        raise InputError.of(str(path), "file", "must hold keys and values", kind, right)
    if problems := list(_strange(content, str(path), literal=literal)):
        raise InputError(problems)
    return {str(key): value for key, value in content.items()}


@lru_cache(maxsize=512)
def _read_text(text: str) -> tuple[tuple[str, str, str] | None, bytes]:
    """What is too much in a text, and its content, pickled: every reader gets one of its own."""
    if (problem := _too_much(text)) is not None:
        return problem, b""
    return None, pickle.dumps(yaml.load(text, Loader=_Loader), protocol=pickle.HIGHEST_PROTOCOL)


class _Dumper(yaml.SafeDumper):
    """Quotes words that some reader of YAML would take for numbers."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789."))


def yaml_text(values: Mapping[str, Any]) -> str:
    """Plain keys and values as a YAML file's text, which `read_yaml` takes as it stands."""
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError.of(str(path), "file", "must be readable YAML", reason, RIGHT)


def _first_line(error: Exception) -> str:
    """What is wrong, and where, in one line."""
    problem = getattr(error, "problem", None)
    mark = getattr(error, "problem_mark", None)
    if problem is None:
        return (str(error).splitlines() or [type(error).__name__])[0]
    return problem if mark is None else f"{problem}, line {mark.line + 1}"


def _too_much(text: str) -> tuple[str, str, str] | None:
    """Rule, value and advice for a file that would fill the memory or the stack."""
    try:
        return _count(text)
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):  # libyaml counts them before it says any
            return f"must have at most {MOST_DEPTH} levels", "more", RIGHT
        raise


def _count(text: str) -> tuple[str, str, str] | None:
    """The same, from the events that the parser says."""
    depth = aliases = 0
    for values, event in enumerate(yaml.parse(text, Loader=_FAST)):
        aliases += isinstance(event, yaml.AliasEvent)
        is_merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<"
        aliases += is_merge
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            return f"must have at most {MOST_DEPTH} levels", f"more, line {_line(event)}", RIGHT
        if values > MOST_VALUES or aliases > MOST_ALIASES:
            most = MOST_VALUES if values > MOST_VALUES else MOST_ALIASES
            what = "values" if values > MOST_VALUES else "aliases"
            return f"must hold at most {most} {what}", f"more, line {_line(event)}", RIGHT
    return None


def _line(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else int(event.start_mark.line) + 1


def _strange(content: Any, where: str, *, literal: bool) -> Iterator[Problem]:
    """What is no plain value, or stands for one; ends at the first file that multiplies itself."""
    left = MOST_VALUES
    stack: list[tuple[str, Any, int]] = [("", content, 0)]
    while stack:
        path, value, depth = stack.pop()
        left -= 1
        if left < 0 or depth > MOST_DEPTH:
            rule = f"must come to at most {MOST_VALUES} values on {MOST_DEPTH} levels"
            yield wrong(where, path or "file", rule, "aliases that multiply", "write the values")
            return
        if isinstance(value, dict):
            for key, item in reversed(list(value.items())):
                if (finding := _wrong_key(key)) is not None:
                    yield wrong(where, path or "file", *finding)
                stack.append((f"{path}.{key}".lstrip("."), item, depth + 1))
        elif isinstance(value, list):
            stack += [(f"{path}[{i}]", item, depth + 1) for i, item in enumerate(value)][::-1]
        elif (finding := wrong_value(value, literal=literal)) is not None:
            yield wrong(where, path, *finding)


def _wrong_key(key: Any) -> tuple[str, str, str] | None:
    """Rule, value and advice for a key that is no word and no whole number."""
    if isinstance(key, str):
        is_plain = "${" not in key and not _CONTROL.search(key)
        return None if is_plain else ("a key must be a plain word", repr(key), "another name")
    if type(key) is int and 0 <= key <= LARGEST_WHOLE:
        return None
    got = "null" if key is None else str(key).lower() if isinstance(key, bool) else repr(key)
    return "a key must be a word", got, "put it in quotes: '...'"


def wrong_value(value: Any, *, literal: bool = False) -> tuple[str, str, str] | None:
    """Rule, value and advice for a value that no input may hold; None if it is a plain one."""
    if isinstance(value, str):
        if not literal and "${" in value:
            return "is taken as it stands: ${...} is not filled in", repr(value), "write the value"
        if value == "???":
            return "must be given", "???", "a value"
        if _CONTROL.search(value):
            return "must hold no control characters", repr(value), "plain text"
        return None
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        return "must be a number of at most 18 digits", "a longer one", "a smaller number"
    if value is None or isinstance(value, bool | int | float):
        return None
    kind = type(value).__name__
    return "must be a word, a number, true, false or null", kind, "no tags such as !!set"
