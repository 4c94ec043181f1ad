"""What is handed around whole, and who reaches through it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.counting.source import SHIPPED, House, Place, Source

FACTORY_AT_HOME = (
    "factory_env/sim/factory.py",
    "factory_env/sim/run.py",
    "factory_env/sim/history",
)
REACHES = frozenset({"world", "floor", "planner"})
# they have a floor, too: numbers are rounded down to it, command line and question name its file
NUMBERS = frozenset({"math", "np", "numpy", "torch", "options", "ground"})
TUPLE_METHODS = frozenset({"_replace", "_asdict", "_fields", "_make"})  # public, by the library
BY_NAME = frozenset({"getattr", "setattr", "delattr", "object"})  # monkeypatch.setattr(x, "_y")


def factory_arguments(house: House) -> list[Place]:
    """Parameters of type `Factory` where one asks for what one uses."""
    return [
        source.place(parameter)
        for source in house.under(*SHIPPED)
        if not source.is_under(*FACTORY_AT_HOME)
        for parameter in parameters(source)
        if "Factory" in _names(parameter.annotation)
    ]


def config_arguments(house: House) -> list[Place]:
    """Parameters that are a raw config."""
    return [
        source.place(parameter)
        for source in house.under(*SHIPPED, "benchmarks")
        for parameter in parameters(source)
        if "DictConfig" in _names(parameter.annotation)
    ]


def reaches(house: House) -> list[Place]:
    """Reads of `.world`, `.floor` and `.planner` by outsiders of the simulation."""
    return [
        source.place(node)
        for source in house.sources
        if not source.is_under("factory_env/sim", "tests/sim")
        for node in source.nodes
        if isinstance(node, ast.Attribute) and node.attr in REACHES and _is_of_a_run(node)
    ]


def private_reads_in_tests(house: House) -> list[Place]:
    """Private names of others that tests read, import or patch."""
    return sorted(place for source in house.under("tests") for place in _private_reads(source))


def parameters(source: Source) -> Iterator[ast.arg]:
    """Every parameter of every function of a file."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
            yield from (a for a in (given.vararg, given.kwarg) if a is not None)


def _names(annotation: ast.expr | None) -> set[str]:
    """Names in an annotation, also in one that is written as text."""
    names: set[str] = set()
    for node in ast.walk(annotation) if annotation is not None else ():
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= _names(ast.parse(node.value, mode="eval").body)
    return names


def _is_of_a_run(node: ast.Attribute) -> bool:
    """Can this be a factory's? Numbers, one-letter weights and a command line's are not."""
    return not isinstance(node.value, ast.Name) or (
        node.value.id not in NUMBERS and not (len(node.value.id) == 1 and node.attr == "floor")
    )


def _private_reads(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                yield source.place(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (source.place(node, a.name) for a in node.names if _is_private(a.name))
        elif isinstance(node, ast.Call) and _callee(node) in BY_NAME:
            texts = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
            if any(isinstance(t, str) and _is_private(t.rpartition(".")[2]) for t in texts):
                yield source.place(node)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in TUPLE_METHODS


def _callee(call: ast.Call) -> str:
    """The last word of what is called."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")
