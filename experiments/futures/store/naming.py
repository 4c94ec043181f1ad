"""The name of a run: what was played, who decided, which luck, which version of the code."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from experiments.building.own_policy import read_own_name
from experiments.futures.question import Variant
from experiments.futures.store.canonical import digest
from experiments.futures.store.code_version import hash_code
from factory_env.door.text_file import user_path

FORMAT: Final = 2  # of the files
UNPLAYED: Final = ("name", "settings")  # what they lead to is in the other fields
# of a folder that a word names: what can make its policy another one
WEIGHING: Final = (".json", ".safetensors", ".zip", ".npz", ".yaml", ".py", ".xlsx", ".csv")


def name_variant(variant: Variant) -> str:
    """What all runs of a variant share, as a hash: everything but their seed."""
    played = {
        field.name: getattr(variant, field.name)
        for field in dataclasses.fields(variant)
        if field.name not in UNPLAYED
    }
    words = [value for value in played.values() if isinstance(value, str)]
    words += [change.agent for change in variant.changes if hasattr(change, "agent")]
    files = [_hash_files(word) for word in words]
    return digest({"format": FORMAT, "code": hash_code(), "played": played, "files": files})


def name_run(variant: str, seed: int) -> str:
    """The key of a run in the store, 64 hexadecimal digits; ``variant`` as of `name_variant`."""
    return hashlib.sha256(f"{variant} {seed}".encode()).hexdigest()


def _hash_files(word: str) -> list[str]:
    """Contents of the files that a word names: an agent's weights, a model, code, a plan."""
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in _list_files(word)]


def _list_files(word: str) -> Iterator[Path]:
    base = word.partition("@")[0]
    own = read_own_name(base)
    if own is not None and not own.is_file:
        yield from _files_of_module(own.place)
    for text in (word, base, base.removeprefix("sb3:"), base.rpartition(":")[0], _behind(base)):
        try:
            path = user_path(text)
            if text and path.exists():
                yield from _find_weighing(path)
                return
        except (OSError, ValueError):  # too long a name, or none at all
            continue


def _behind(base: str) -> str:
    """What stands behind the first colon: ``plan:my.xlsx``."""
    return base.partition(":")[2]


def _find_weighing(path: Path) -> Iterator[Path]:
    """The file, or what weighs in a folder; of code all modules beside it, which it may import."""
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.suffix in WEIGHING and p.is_file())
    elif path.suffix == ".py":
        yield from sorted(path.resolve().parent.glob("*.py"))
    elif path.is_file():
        yield path


def _files_of_module(place: str) -> Iterator[Path]:
    """The file that a dotted name means, without importing it."""
    inner = Path(*place.split("."))
    for root in map(Path, sys.path):
        for path in (root / inner.with_suffix(".py"), root / inner / "__init__.py"):
            if path.is_file():
                yield from _find_weighing(path)
                return
