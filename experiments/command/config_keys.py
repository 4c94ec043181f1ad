"""The keys of a command as its file in ``conf/`` lists them: defaults and comments, read as text.

Reading the text takes milliseconds, where Hydra takes a tenth of a second; nobody who asks for
help or presses the tabulator should wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONF: Final = Path(__file__).resolve().parents[2] / "conf"
_KEY: Final = re.compile(r"^(?P<indent> *)(?P<name>\w+):(?P<value>[^#]*?)\s*(?:#\s*(?P<said>.*))?$")
_GROUP: Final = re.compile(r"^ +- (?P<name>\w+): *(?P<value>[^#]*?)\s*(?:#\s*(?P<said>.*))?$")
FAR_RIGHT: Final = 16  # a comment that begins there is about the line above it


@dataclass(slots=True, kw_only=True)
class Key:
    """A key, or a group of files, as the help page shows it."""

    name: str  # dotted
    default: str  # as written; empty where keys stand below
    comment: str = ""
    is_group: bool = False  # a folder of conf/


def read_keys(command: str) -> list[Key]:
    """All keys of ``conf/<command>.yaml`` that hold a value, in their order; groups first."""
    keys = list(_read((CONF / f"{command}.yaml").read_text(encoding="utf-8").splitlines()))
    holders = {key.name.rpartition(".")[0] for key in keys}
    return [key for key in keys if key.name not in holders]


def read_groups(command: str) -> set[str]:
    """Keys whose value is the name of a file of ``conf/``, or a file of the user's."""
    return {key.name for key in read_keys(command) if key.is_group}


def read_examples(command: str) -> list[str]:
    """The command lines at the head of ``conf/<command>.yaml``, without their comments."""
    lines = (CONF / f"{command}.yaml").read_text(encoding="utf-8").splitlines()
    script = f"python experiments/{command}.py"
    commands = (line.removeprefix("# ") for line in lines if line.startswith(f"# {script}"))
    return [f"seamline {command}{line.removeprefix(script)}" for line in commands]


def group_choices(group: str) -> list[str]:
    """Names of the files that are shipped in ``conf/<group>``, those of its folders with them."""
    folder = CONF / group
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.yaml"))
    return sorted(path.as_posix() for path in paths)


def _read(lines: list[str]) -> Iterator[Key]:
    above: list[str] = []  # a comment on lines of its own, of the key below it
    path: list[tuple[int, str]] = []
    last: Key | None = None
    for line in lines:
        text = line.strip()
        if text.startswith("#"):
            said = text.lstrip("# ")
            if last is not None and line.index("#") >= FAR_RIGHT:
                last.comment = f"{last.comment} {said}".strip()  # goes on below its key
            else:
                above.append(said)
            continue
        if match := _GROUP.match(line):
            last = Key(
                name=match["name"],
                default=match["value"],
                comment=match["said"] or "",
                is_group=True,
            )
            yield last
        elif (match := _KEY.match(line)) and match["name"] != "defaults":
            depth = len(match["indent"])
            path = [(d, name) for d, name in path if d < depth]
            path.append((depth, match["name"]))
            comment = match["said"] or " ".join(above)
            name = ".".join(name for _, name in path)
            last = Key(name=name, default=match["value"].strip(), comment=comment)
            yield last
        above = []
