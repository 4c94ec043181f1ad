"""The tests of the simulation lie like the simulation: a test file for each file with logic."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conftest import ROOT

SIM, TESTS = ROOT / "factory_env" / "sim", ROOT / "tests" / "sim"

# tests of a whole subject that is spread over several files
OF_A_SUBJECT = frozenset({"energy/test_live_meter", "orders/test_cancelling", "plant/test_absence"})


def has_logic(path: Path) -> bool:
    """Does a file hold a function that does something?"""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return any(not _is_empty(f) for f in functions)


def names(folder: Path) -> set[str]:
    paths = (p for p in folder.rglob("*.py") if p.name != "__init__.py")
    return {p.relative_to(folder).with_suffix("").as_posix() for p in paths}


def untested() -> set[str]:
    """Files with logic that have no test file of their name."""
    tested = {n.replace("test_", "") for n in names(TESTS)}
    return {n for n in names(SIM) - tested if has_logic(SIM / f"{n}.py")}


def test_every_file_with_logic_has_a_test_file_of_its_name() -> None:
    assert untested() == set()


def test_every_test_file_names_a_file_or_is_of_a_subject() -> None:
    tests = {n for n in names(TESTS) if n.rpartition("/")[2].startswith("test_")}
    strangers = {n for n in tests if n.replace("test_", "") not in names(SIM)}
    assert strangers <= OF_A_SUBJECT


def _is_empty(function: ast.FunctionDef) -> bool:
    """Only a docstring, or three dots."""
    return all(isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in function.body)
