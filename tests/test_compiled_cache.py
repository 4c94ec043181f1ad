"""Kernels on disk outlive a change of the code that made them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULE = """from typing import NamedTuple
from factory_env.compiled import compiled
class {name}(NamedTuple):
    minutes: float
    hours: float
@compiled
def total(span: {name}) -> float:
    return span.minutes + {minutes} * span.hours
print(total({name}(5.0, 2.0)), sum(total.stats.cache_hits.values()))
"""


def run(folder: Path, name: str, minutes: float) -> list[str]:
    """Result of a kernel of another process, and how many kernels came from the disk."""
    (folder / "kernels.py").write_text(MODULE.format(name=name, minutes=minutes))
    done = subprocess.run(
        [sys.executable, "-c", "import kernels"],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{folder}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.slow
def test_a_kernel_is_found_again_and_made_anew_when_its_record_has_another_name(
    tmp_path: Path,
) -> None:
    assert run(tmp_path, "Span", 60.0) == ["125.0", "0"]
    assert run(tmp_path, "Spell", 61.0) == ["127.0", "0"]
    assert run(tmp_path, "Spell", 61.0) == ["127.0", "1"]


def test_without_a_place_for_kernels_they_are_compiled_again(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(MODULE.format(name="Span", minutes=60.0))
    code = (
        "import numba.core.caching as c, runpy\n"
        "c.FunctionCache._impl_class._locator_classes = []\n"
        "runpy.run_path('kernels.py')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["125.0", "0"]
