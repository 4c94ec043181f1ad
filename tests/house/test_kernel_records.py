"""Records that compiled functions take: their names tell them apart."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from tests.conftest import ROOT

PACKAGES = ("factory_env", "agents", "experiments")


def named_tuples() -> dict[str, list[str]]:
    """Name of every `NamedTuple` of the house -> the files that define one."""
    places = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                bases = node.bases if isinstance(node, ast.ClassDef) else ()
                if any(isinstance(base, ast.Name) and base.id == "NamedTuple" for base in bases):
                    places[node.name].append(path.relative_to(ROOT).as_posix())
    return dict(places)


@pytest.mark.slow
def test_no_two_records_share_a_name() -> None:
    # Numba keeps the kernels of a type under its class's bare name: of two that share it, one is
    # looked up anew at every call, which takes a millisecond instead of some microseconds
    places = named_tuples()
    assert len(places) > 10
    assert not {name: files for name, files in places.items() if len(files) > 1}
