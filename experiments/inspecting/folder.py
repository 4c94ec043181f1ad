"""The files of a person's folder, in the order of their names; nothing is left out in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file, or something else that lies in the folder and why it is not opened."""

    path: Path
    name: str  # relative to the folder, printable
    reason: str | None = None


def entries_of(folder: Path, *, subfolders: bool) -> Iterator[Entry]:
    """Everything in ``folder``; files of a folder come before its subfolders.

    Hidden files and folders, links to folders and what is no regular file are not opened. Links
    to files are followed. Folders may be nested however deep.
    """
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as inside:
                found = sorted(inside, key=lambda one: one.name)
        except OSError as error:
            yield _entry(folder, current, f"folder can not be read: {error.strerror}")
            continue
        inner = []
        for one in found:
            path = Path(one.path)
            if one.is_dir(follow_symlinks=False) and not one.name.startswith("."):
                if subfolders:
                    inner.append(path)
                else:
                    yield _entry(folder, path, "a folder; subfolders=true looks into it")
            else:
                yield _entry(folder, path, _why_closed(one))
        waiting += reversed(inner)


def _why_closed(one: os.DirEntry[str]) -> str | None:
    """Why a file is not opened; None for a regular file. Opening a pipe would wait for ever."""
    try:
        if one.name.startswith("."):
            return "hidden folder" if one.is_dir() else "hidden file"
        if one.is_file():
            return None
        if one.is_dir():
            return "link to a folder, not followed"
        return "link to nothing" if one.is_symlink() else "no regular file"
    except OSError as error:  # a link to itself
        return f"can not be looked at: {error.strerror}"


def _entry(folder: Path, path: Path, reason: str | None) -> Entry:
    return Entry(path=path, name=printable(os.path.relpath(path, folder)), reason=reason)


def printable(name: str) -> str:
    """A file's name on one line of valid text: odd bytes and control characters are escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
