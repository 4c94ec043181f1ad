"""The words of a command line as they were typed: which of them are files, and what none may hold.

An existing path is a path, whatever its letters: umlauts, blanks, brackets, commas, ``#``, ``&``,
``=``, quotes, ``${``. Hydra would take these for its own grammar, so such a value is quoted for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from factory_env.door.text_file import user_path
from factory_env.errors import Problem, wrong

COMMAND_LINE: Final = "command line"
MANY: Final = ("-m", "--multirun")
VALUE_FLAGS: Final = ("--cfg", "-c")  # show the config instead of running
SHOWN: Final = ("job", "hydra", "all")  # what of it
FLAGS: Final = (*MANY, *VALUE_FLAGS, "--resolve", "--help", "-h", "--version")
_PLAIN: Final = re.compile(r"[\w./\\-]*", re.ASCII)  # letters that mean nothing to Hydra
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INDEX: Final = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A command line taken apart."""

    flags: tuple[str, ...]  # for Hydra
    words: tuple[str, ...]
    problems: tuple[Problem, ...]


def split_words(argv: Sequence[str]) -> Split:
    """Flags and words apart; flags of Hydra that reach past the project's own config are refused.

    ``--config-dir`` and its kin would bring another config, ``--experimental-rerun`` a pickle.
    """
    flags: list[str] = []
    words: list[str] = []
    problems: list[Problem] = []
    rest = iter(argv)
    foreign = False  # was the last word a flag of somebody else's? Then this is its value
    for word in rest:
        if foreign and "=" not in word and not word.startswith("-"):
            foreign = False
            continue
        if not word.startswith("-") or _is_path(word):
            words.append(word)
            continue
        name, _, value = word.partition("=")
        flags.append(word)
        if name in VALUE_FLAGS:
            if not value and (value := next(rest, "")):
                flags.append(value)
            if value not in SHOWN:
                rule = f"must be {', '.join(SHOWN)}"
                problems.append(wrong(COMMAND_LINE, name, rule, repr(value), f"{name} job"))
        elif name not in FLAGS:
            right = f"{', '.join(FLAGS)}; own files are given by their key: plant=my_plant.yaml"
            problems.append(wrong(COMMAND_LINE, name, "must be a known flag", repr(word), right))
            foreign = True
            continue
        foreign = False
    return Split(flags=tuple(flags), words=tuple(words), problems=tuple(problems))


def quote_path(word: str) -> str:
    """The word itself, or with its value quoted for Hydra if that is a file or a folder.

    A value that Hydra would read as it stands is left alone: ``seed=1`` beside a file ``1``.
    """
    key, equals, value = word.partition("=")
    if not equals or _PLAIN.fullmatch(value):
        return word
    for text in (value, str(user_path(value)) if value.startswith("~") else ""):
        if text and _is_path(text):
            return f"{key}={quote(text)}"
    return word


def name_bare_folder(words: Sequence[str], key: str) -> list[str]:
    """The command line with its first bare word as ``<key>=...``, quoted for Hydra.

    A word with an equals sign is bare if it names a folder that is there.
    """
    named = list(words)
    for i, word in enumerate(words):
        is_value = i > 0 and words[i - 1] in VALUE_FLAGS
        is_bare = not word.startswith("-") and ("=" not in word or Path(word).is_dir())
        if is_bare and not is_value:
            named[i] = f"{key}={quote(word)}"
            break
    return named


def quote(text: str) -> str:
    """A text as Hydra takes it literally: quotes, the backslashes before them, and ``${``.

    >>> print(quote("it's"))
    'it\\'s'
    """
    escaped = re.sub(r"(\\*)'", lambda m: m[1] * 2 + r"\'", text)
    tail = re.search(r"\\*$", escaped)
    assert tail is not None
    return "'" + (escaped + tail[0]).replace("${", r"\${") + "'"


def read_literal(text: str) -> str:
    """A value as it was typed, of one that `quote` made fit for Hydra."""
    return text.replace(r"\${", "${")


def refuse_word(word: str) -> Problem | None:
    """What no word may hold, wherever it stands; None if it holds nothing of that."""
    key, equals, value = word.partition("=")
    if _CONTROL.search(word):
        return wrong(
            COMMAND_LINE, "word", "must be plain text", repr(word), "no control characters"
        )
    if "${" in word.replace(r"\${", ""):
        rule = "is taken as it stands: ${...} is not filled in"
        return wrong(COMMAND_LINE, key, rule, repr(word), "write the value itself")
    if equals and not value.strip() and "." not in key:  # texts within a file may be empty
        right = f"{key}=<value>, or leave it out"
        return wrong(COMMAND_LINE, key, "must have a value", "nothing", right)
    if value.strip() == "???":
        return wrong(COMMAND_LINE, key, "must be given", "???", f"{key}=<value>")
    return None


def point_key(key: str, config: object) -> str:
    """A key with list positions as Hydra counts them.

    ``lines[2].operators`` and ``lines.polo-1.operators`` are ``lines.2.operators``: an item of a
    list goes by its number, or by the ``name`` that it bears. What does not fit stays as it is.
    """
    parts = _INDEX.sub(r".\1", key).split(".")
    pointed: list[str] = []
    where = config
    while parts:
        taken, part = _item(where, parts) if isinstance(where, Sequence) else (1, parts[0])
        parts = parts[taken:]
        pointed.append(part)
        if isinstance(where, Mapping):
            where = where.get(part)
        elif isinstance(where, Sequence) and not isinstance(where, str):
            where = where[int(part)] if part.isdecimal() and int(part) < len(where) else None
        else:
            where = None
    return ".".join(pointed)


def item_names(items: object) -> list[str]:
    """Names of the items of a list, as far as they bear any."""
    if not isinstance(items, Sequence) or isinstance(items, str):
        return []
    return [str(item["name"]) for item in items if isinstance(item, Mapping) and "name" in item]


def _item(items: object, parts: Sequence[str]) -> tuple[int, str]:
    """How many parts of a key say an item of a list (its name may hold dots), and its number."""
    names = item_names(items)
    for taken in range(len(parts), 0, -1):
        if (name := ".".join(parts[:taken])) in names:
            return taken, str(names.index(name))
    return 1, parts[0]


def _is_path(value: str) -> bool:
    """Is it a file or a folder, or one with a mark of who decides or branches around it?

    ``run@tue 10:00``, ``run:start``, ``sb3:model.zip@hold:free``, ``my.py:Policy@k:1``.
    """
    folder, at, _ = value.rpartition("@")
    base = value.partition("@")[0].removeprefix("sb3:")
    place, colon, _ = base.rpartition(":")
    try:
        return (
            Path(value).exists()
            or (bool(at) and user_path(folder).is_dir())
            or (base != value and Path(base).is_file())
            or (bool(colon and place) and Path(place).exists())
        )
    except (OSError, ValueError):  # a name that is too long, or holds a NUL
        return False
