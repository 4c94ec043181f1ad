"""Words that every command knows beside its config: where the run goes, and how it ends."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from experiments.command.config_keys import read_keys
from factory_env.errors import Problem, one_line, wrong

RUN_DIR: Final = "hydra.run.dir"
NAME: Final = "name"
JSON: Final = "json"
# key -> what it does, for the help page
OWN_KEYS: Final = {
    NAME: "name of the run's folder in runs/<command>/; null = date and time",
    RUN_DIR: "the run's folder itself, anywhere",
    JSON: "true: the summary as JSON in the last line, also at a terminal; false: never",
}
_GOOD_NAME: Final = re.compile(r"\w[\w .+-]{0,99}")
_FLAGS_OF_MANY: Final = ("-m", "--multirun")


@dataclass(slots=True, kw_only=True)
class OwnWords:
    """What was said by them, and the words that are left."""

    rest: list[str] = field(default_factory=list)
    folder: Path | None = None  # of the run; None = a new one by date and time
    json: bool | None = None  # None = where nobody sits at a terminal
    problems: list[Problem] = field(default_factory=list)

    def prints_json(self) -> bool:
        """Is the summary printed?"""
        return not sys.stdout.isatty() if self.json is None else self.json


def take_own_words(command: str, argv: Sequence[str]) -> OwnWords:
    """Take them out of a command line; a key of that name in the command's config comes first."""
    own = OwnWords()
    keys = {key.name for key in read_keys(command)}
    is_many = any(word in _FLAGS_OF_MANY for word in argv)
    say_twice(argv)
    named = ""
    for word in argv:
        key, equals, value = word.partition("=")
        if not equals or key not in OWN_KEYS or key in keys:
            own.rest.append(word)
        elif key == JSON:
            own.json = _read_switch(value, own.problems)
        elif is_many:
            right = "leave it out: every run of a sweep gets a folder of its own"
            own.problems.append(wrong("command line", key, "is for one run", repr(word), right))
        elif key == RUN_DIR:
            own.folder = Path(value)
        else:
            named = value
            own.folder = _name_folder(command, value, own.problems)
    if named and any(word.startswith(f"{RUN_DIR}=") for word in argv):
        right = f"{NAME}= or {RUN_DIR}="
        own.problems.append(wrong("command line", NAME, "says the folder again", named, right))
    return own


def say_twice(argv: Sequence[str]) -> None:
    """Note keys that are given two values: as in Hydra, the last one counts."""
    values: dict[str, str] = {}
    for word in argv:
        key, equals, value = word.partition("=")
        first = values.setdefault(key, value)
        if equals and first != value and not word.startswith("-"):
            text = f"note: {key}: given twice, {first!r} and {value!r}; the last one counts"
            print(one_line(text), file=sys.stderr)


def _name_folder(command: str, name: str, problems: list[Problem]) -> Path:
    folder = Path("runs") / command / name
    if not _GOOD_NAME.fullmatch(name) or name.endswith((".", " ")):
        rule = "must be a folder's name: letters, digits, blanks and -_.+, at most 100"
        problems.append(wrong("command line", NAME, rule, repr(name), "e.g. name=june_book"))
    elif folder.exists():
        is_whole = (folder / "summary.json").exists()
        state = "" if is_whole else ", which holds no finished run (still going on, or ended early)"
        right = f"another name, or remove {folder}{state}"
        problems.append(wrong("command line", NAME, "must be new", repr(name), right))
    return folder


def _read_switch(value: str, problems: list[Problem]) -> bool | None:
    if value.lower() not in ("true", "false"):
        problems.append(wrong("command line", JSON, "must be true or false", value, "json=true"))
        return None
    return value.lower() == "true"
