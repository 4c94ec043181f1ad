"""Where a key of a YAML file stands: so that a report can name file and line."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

MOST_KEYS = 200_000  # whose lines are noted
_INDEX = re.compile(r"\[(\d+)\]")
_REMARK = re.compile(r" \([^)]*\)")


def dotted(field: str) -> str:
    """A problem's field as a dotted key.

    >>> dotted("plant.lines[0] (tee-1).home")
    'plant.lines.0.home'
    """
    return _INDEX.sub(r".\1", _REMARK.sub("", field))


def key_lines(path: Path) -> dict[str, int]:
    """Line of every dotted key of a YAML file, counted from 1; empty if it cannot be read."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    lines: dict[str, int] = {}
    if root is not None:  # read before, and refused there if its aliases multiply
        _walk(root, "", lines)
    return lines


def line_of(key: str, lines: dict[str, int]) -> int | None:
    """Line of ``key`` or of its nearest ancestor that the file holds."""
    parts = key.split(".")
    while parts:
        if (line := lines.get(".".join(parts))) is not None:
            return line
        parts.pop()
    return None


def _walk(node: yaml.Node, prefix: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        children = [(str(k.value), k.start_mark.line, v) for k, v in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(str(i), v.start_mark.line, v) for i, v in enumerate(node.value)]
    else:
        return
    for name, line, child in children:
        if len(lines) >= MOST_KEYS:
            return
        key = f"{prefix}.{name}".lstrip(".")
        lines[key] = line + 1
        _walk(child, key, lines)
