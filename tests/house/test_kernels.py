"""Compiled functions share one decorator, say their types, and take nothing apart by position."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SHIPPED = ("factory_env", "agents", "experiments", "benchmarks")
FILES = sorted(p for folder in SHIPPED for p in (ROOT / folder).rglob("*.py"))
DECORATORS = {"compiled", "compiled_fast", "inlined"}
HOME = ROOT / "factory_env" / "compiled.py"


def kernels(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            names = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
            if names & DECORATORS:
                yield node


def inside(path: Path) -> str:
    return "/".join(path.relative_to(ROOT).parts[1:])


def taken_apart(kernel: ast.FunctionDef) -> list[str]:
    """Statements that unpack a parameter as a whole: ``a, b = given``."""
    parameters = {a.arg for a in kernel.args.args}
    return [
        ast.unparse(node)
        for node in ast.walk(kernel)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and isinstance(node.value, ast.Name)
        and node.value.id in parameters
    ]


def test_only_the_decorators_know_numba() -> None:
    assert not [inside(p) for p in FILES if p != HOME and "import njit" in p.read_text()]
    assert sum(1 for path in FILES for _ in kernels(path)) > 80


@pytest.mark.parametrize("path", [p for p in FILES if any(kernels(p))], ids=inside)
def test_kernels_say_their_types_and_get_no_packed_tuples(path) -> None:
    for kernel in kernels(path):
        silent = [a.arg for a in kernel.args.args if a.annotation is None]
        assert not silent, kernel.name
        assert kernel.returns is not None, kernel.name
        given = [ast.unparse(a.annotation) for a in kernel.args.args if a.annotation]
        assert not [text for text in given if text.startswith("tuple")], kernel.name
        assert not taken_apart(kernel), kernel.name
