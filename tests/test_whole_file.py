"""Files appear whole or not at all; what a killed process left is cleared by the next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from factory_env.whole_file import clear_leftovers, name_part, write_whole, write_whole_text


def test_a_reader_sees_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole_text(path, "old")

    def fail(part: Path) -> None:
        part.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_only_what_dead_processes_left_is_cleared(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    folder = tmp_path / "run"
    folder.mkdir()
    mine = name_part(folder / "log.json")
    left = [folder / p.name.replace(str(os.getpid()), str(dead.pid)) for p in (mine,)]
    left += [tmp_path / f".log.{dead.pid}.seamline-part"]  # a log is a folder
    left[-1].mkdir()
    (left[-1] / "orders.parquet").touch()
    others = [mine, folder / ".config.123.tmp", folder / "log.json"]
    for path in (left[0], *others):
        path.touch()
    assert sorted(clear_leftovers(tmp_path)) == sorted(left)
    assert all(path.exists() for path in others)
    assert not any(path.exists() for path in left)


def test_nothing_to_clear_is_no_error(tmp_path: Path) -> None:
    assert clear_leftovers(tmp_path / "nowhere") == []
