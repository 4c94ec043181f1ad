"""Who imports whom, imports inside functions and under TYPE_CHECKING counted; circles of files."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set

from benchmarks.counting.source import SHIPPED, House, Place, Source

Arrows = Mapping[str, Set[str]]


def circles(house: House) -> list[Place]:
    """Circles of files in what is shipped: one place a circle, its files as the text."""
    files = {s.module: s.file for s in house.under(*SHIPPED)}
    rounds = [sorted(files[m] for m in knot) for knot in knots(arrows(house))]
    return [Place(r[0], 1, f"{len(r)} files: {', '.join(r)}") for r in sorted(rounds)]


def arrows(house: House) -> dict[str, set[str]]:
    """Module -> modules of what is shipped that it imports."""
    modules = {s.module for s in house.under(*SHIPPED)}
    return {
        s.module: {m for m in imports(s, modules) if m != s.module} for s in house.under(*SHIPPED)
    }


def imports(source: Source, modules: Set[str]) -> Iterator[str]:
    """Every one of ``modules`` that a file imports, wherever the import stands."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in modules)
        elif isinstance(node, ast.ImportFrom):
            base = _base(source, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in modules:
                    yield inner
                elif base in modules:
                    yield base


def knots(graph: Arrows) -> list[set[str]]:
    """Sets of more than one module in which each reaches each (Tarjan's components)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(graph):
        _leave_in_order(graph, start, seen, order)
    back: dict[str, set[str]] = {m: set() for m in graph}
    for module, targets in graph.items():
        for target in targets & graph.keys():
            back[target].add(module)
    parts: list[set[str]] = []
    placed: set[str] = set()
    for start in reversed(order):
        part: list[str] = []
        _leave_in_order(back, start, placed, part)
        parts.append(set(part))
    return [p for p in parts if len(p) > 1]


def _base(source: Source, node: ast.ImportFrom) -> str:
    """The package or module that a ``from`` names, dots resolved."""
    if not node.level:
        return node.module or ""
    parts = source.package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _leave_in_order(graph: Arrows, start: str, seen: set[str], order: list[str]) -> None:
    """Walk in depth from ``start``, adding each module to ``order`` when it is left."""
    if start in seen:
        return
    seen.add(start)
    way = [(start, iter(sorted(graph[start] & graph.keys())))]
    while way:
        module, targets = way[-1]
        onward = next((t for t in targets if t not in seen), None)
        if onward is None:
            order.append(module)
            way.pop()
        else:
            seen.add(onward)
            way.append((onward, iter(sorted(graph[onward] & graph.keys()))))
