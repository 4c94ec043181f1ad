"""What a word for Hydra stands for: one value or many, a shipped file or one of the user's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hydra.core.override_parser.types import Glob, Override, QuotedString, RangeSweep

from experiments.command.words import read_literal
from factory_env.door.text_file import is_file

SUFFIXES = (".yaml", ".yml", ".json")  # of files with a part of the config; JSON is a tariff's
WORKBOOKS = (".xlsx", ".xlsm")  # of a plant


def sweep_values(override: Override, options: Sequence[str]) -> list[str]:
    """The values of a group's word; ``glob(*)`` is what fits among the shipped ``options``."""
    value: Any = override.value()
    if isinstance(value, Glob):
        return list(value.filter(list(options)))
    if not override.is_sweep_override():
        return [read_literal(str(value))]
    items: Any = override.sweep_iterator()
    return [read_literal(i.text if isinstance(i, QuotedString) else str(i)) for i in items]


def sweep_length(override: Override) -> int:
    """How many runs a word asks for; counted, not made: ``range(1,1e9)`` is one too."""
    value: Any = override.value()
    if isinstance(value, RangeSweep) and value.start is not None and value.stop is not None:
        step = abs(value.step) or 1
        return max(1, int(abs(value.stop - value.start) / step))
    if not override.is_sweep_override() or isinstance(value, Glob):
        return 1
    items: Any = override.sweep_iterator()
    return sum(1 for _ in items)


def is_source(group: str, value: str) -> bool:
    """Is it the path of a file, which may be missing, and no name of a shipped one?"""
    kinds = {"tariff": SUFFIXES, "plant": (*SUFFIXES[:2], *WORKBOOKS)}.get(group, SUFFIXES[:2])
    return value.lower().endswith(kinds) or is_file(value)


def literal(node: Any) -> Any:
    """Plain values as OmegaConf takes them as they stand: a folder may be called ``${x}``."""
    if isinstance(node, Mapping):
        return {key: literal(item) for key, item in node.items()}
    if isinstance(node, list):
        return [literal(item) for item in node]
    return node.replace("${", r"\${") if isinstance(node, str) else node


def leaves(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in mappings in each other, by its dotted key; lists are looked into."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from leaves(child, f"{prefix}.{key}".lstrip("."))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from leaves(child, f"{prefix}.{i}")
    else:
        yield prefix, node


def first_line(error: Exception) -> str:
    """The first line of what an error says, or its kind."""
    return (str(error).splitlines() or [type(error).__name__])[0]
