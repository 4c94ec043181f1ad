"""The name of a run: what was played, who decided, which luck, which version of the code."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from experiments.building.own_policy import read_own_name
from experiments.futures.question import Variant
from experiments.futures.store.canonical import digest
from experiments.futures.store.code_version import hash_code
from factory_env.door.text_file import user_path

FORMAT: Final = 1  # of the files
# of a folder that a word names: what can make its policy another one
WEIGHING: Final = (".json", ".safetensors", ".zip", ".npz", ".yaml", ".py", ".xlsx", ".csv")


def name_variant(variant: Variant, floor: Any = None) -> str:
    """What all runs of a variant share, as a hash: everything but their seed.

    The variant's own name and the words of its settings do not count: what they lead to does.

    Parameters
    ----------
    floor
        Where the run starts, as frozen data; None = with an empty factory.

    Raises
    ------
    TypeError
        If the floor is no plain data.
    """
    words = [variant.agent, *(c.agent for c in variant.changes if hasattr(c, "agent"))]
    return digest(
        {
            "format": FORMAT,
            "code": hash_code(),
            "scenario": variant.scenario,
            "orders": variant.orders,
            "changes": variant.changes,
            "floor": floor,
            "agent": variant.agent,
            "files": [_hash_policy(word) for word in words],
        }
    )


def name_run(variant: str, seed: int, *, with_gantt: bool = False) -> str:
    """The key of a run in the store, 64 hexadecimal digits.

    Parameters
    ----------
    variant
        As of `name_variant`.
    with_gantt
        Is every piece of work kept, too? A run without it does not stand in for one with it.
    """
    return hashlib.sha256(f"{variant} {seed} {with_gantt}".encode()).hexdigest()


def _hash_policy(word: str) -> list[str]:
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
