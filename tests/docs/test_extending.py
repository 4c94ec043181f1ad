"""The table of `docs/extending.md` is true: its files are written, and found under their name."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.newcomers import COMMANDS, COPIED, NEW, PYTHON, USES, YAML

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SHIPPED = ("agents", "conf", "experiments", "factory_env")


def rows() -> dict[str, list[str]]:
    """What to add -> the new files that the table names."""
    file = re.compile(r"`([\w/]+/(?:<env>/)?<name>\w*\.\w+)`")
    return {what: file.findall(cell) for what, cell in cells().items()}


def cells() -> dict[str, str]:
    """What to add -> what the table says of files."""
    lines = re.findall(r"^\| ([^|]+?) \| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE)
    return dict(lines[1:])


def block_of(what: str) -> str:
    """The Python block below the heading of a row."""
    heading = re.search(rf"^## An? {what}\n.*?```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    assert heading, f"no section of docs/extending.md shows a {what}"
    return heading.group(1)


def text_for(what: str, file: str) -> str:
    """What stands in a new file."""
    if file in COPIED:
        return (
            (ROOT / COPIED[file])
            .read_text(encoding="utf-8")
            .replace("purchase_choice", f"{NEW}_choice")
        )
    if file.endswith(".py"):
        return PYTHON[what] if what in PYTHON else block_of(what)
    group, name = YAML[what]
    shipped = (ROOT / "conf" / group / f"{name}.yaml").read_text(encoding="utf-8")
    return re.sub(rf"^name: {name}$", f"name: {NEW}", shipped, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A copy of the house with all the new files."""
    copy = tmp_path_factory.mktemp("house")
    for folder in SHIPPED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for cache in (p for folder in SHIPPED for p in (ROOT / folder).rglob("__pycache__")):
        (copy / cache.relative_to(ROOT)).symlink_to(cache)  # what is compiled, is
    for what, files in rows().items():
        for file in files:
            path = copy / file.replace("<env>", "scheduling").replace("<name>", NEW)
            assert not path.exists()
            path.write_text(text_for(what, file), encoding="utf-8")
    return copy


def try_rows(house: Path, speed: str, *what: str) -> dict[str, str]:
    """Row -> what went wrong with it."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "docs" / "newcomers.py"), speed, *what],
        cwd=house,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def wrong(house: Path) -> dict[str, str]:
    """What is wrong with any row, commands left out."""
    return try_rows(house, "quick", *rows())


def test_the_table_is_read() -> None:
    assert len(rows()) > 10
    assert all(rows().values()), "a row names no file `.../<name>.py` or `.yaml`"


def test_every_row_is_tried_and_nothing_else() -> None:
    assert rows().keys() == USES.keys()


@pytest.mark.parametrize("what", USES)
def test_what_the_table_says_is_all_that_has_to_be_written(what, wrong) -> None:
    assert what not in wrong, wrong[what]


@pytest.mark.slow
@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_takes_what_the_table_says(what, house: Path) -> None:
    wrong = try_rows(house, "slow", what)
    assert what not in wrong, wrong[what]
