"""Changed files at every door: each is read or refused, and a refusal is plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzzing.doors import DOORS
from benchmarks.fuzzing.visiting import Visit, draw_visits
from factory_env.errors import SeamlineError

EACH = 8  # `benchmarks/doors_fuzzed.py` has 10,000 in all


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_changed_file_is_read_or_refused(door, tmp_path: Path) -> None:
    for visit in draw_visits([door], EACH, seed=7):
        try:
            visit.open(tmp_path / "files")
        except SeamlineError as error:
            lines = str(error).split("\n")
            assert all(line.isprintable() for line in lines), (visit.number, visit.name)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_the_sound_files_that_are_changed_are_read(door, tmp_path: Path) -> None:
    for name, content in door.files().items():
        Visit(door=door, number=0, name=name, content=content).open(tmp_path / "files")


def test_a_changed_file_is_made_again_from_its_number() -> None:
    first, again = (list(draw_visits(DOORS, 20, seed=3)) for _ in range(2))
    assert [v.content for v in first] == [v.content for v in again]
