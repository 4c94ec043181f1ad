"""The commands there are: the files of ``experiments/``, known by their text alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1]
FIRST: Final = ("simulate", "evaluate", "train", "calibrate", "design", "inspect_images")


def list_commands() -> list[str]:
    """Names of all commands, those that a newcomer wants first."""
    names = sorted(p.stem for p in FOLDER.glob("*.py") if not p.name.startswith("_"))
    return [*(name for name in FIRST if name in names), *(n for n in names if n not in FIRST)]


def read_purpose(command: str) -> str:
    """What a command is for: the first sentence of its file."""
    return read_description(command).split("\n")[0]


def read_description(command: str) -> str:
    """The head of a command's file."""
    tree = ast.parse((FOLDER / f"{command}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").replace("`", "")


def list_plugs(package: str) -> list[str]:
    """Names of the plugs in a package such as ``agents/rules``, none of which is imported."""
    files = (FOLDER.parent / package).glob("*.py")
    return sorted(p.stem for p in files if "\nPLUG = " in p.read_text(encoding="utf-8"))
