"""A command finishes its work when its reader has gone; a machine that fails is one line."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from experiments.command.main import run_main
from experiments.command.outlet import Outlet
from experiments.command.run_folder import RunFolder
from experiments.simulating.options import SimulateOptions
from factory_env.door.gather import Gather
from tests.conftest import ROOT

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "run/summary.json")


class Broken(io.StringIO):
    """Nobody reads it."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def test_a_stream_that_nobody_reads_goes_quiet() -> None:
    outlet = Outlet(Broken())
    assert outlet.write("a line\n") == 7
    outlet.write("another\n")
    outlet.flush()
    assert outlet.failure is not None
    assert outlet.failure.errno == errno.EPIPE


def test_a_letter_that_a_stream_lacks_is_its_number() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    Outlet(stream).write("süß\n")
    assert raw.getvalue() == rb"s\xfc\xdf" + b"\n"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (FULL, "simulate: No space left on device (run/summary.json)"),
        (MemoryError(), "memory of this machine"),
        (BrokenProcessPool(), "worker process was ended"),
        (PermissionError(errno.EROFS, "Read-only file system", "a\x1bb"), r"system (a\x1bb)"),
    ],
)
def test_a_machine_that_fails_is_one_line_and_exit_code_1(
    failure: BaseException,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        raise failure

    with pytest.raises(SystemExit) as stop:
        run_main("simulate", task, ["plant=small"])
    error = capsys.readouterr().err
    assert stop.value.code == 1
    assert words in error
    assert error.count("\n") == 1


def refuse_write(folder: Path) -> Path:
    """A folder that nobody may write to."""
    folder.mkdir()
    folder.chmod(0o555)
    return folder


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (lambda folder: folder / "file" / "run", "must lie in a folder"),
        (lambda folder: folder / "file", "new or empty folder"),
        (lambda folder: folder / ("x" * 300), "can be made"),
        (lambda folder: refuse_write(folder / "shut") / "run", "read-only"),
    ],
)
def test_a_folder_that_can_not_be_written_is_refused_before_the_run(
    place: Callable[[Path], Path], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    target = place(tmp_path)
    if "shut" in str(target) and os.access(target.parent, os.W_OK):
        pytest.skip("this user may write everywhere")

    def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        raise AssertionError("it ran")

    with pytest.raises(SystemExit) as stop:
        run_main("simulate", task, ["plant=small", f"hydra.run.dir={target}"])
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe is closed otherwise there")
def test_a_closed_pipe_leaves_a_whole_run_and_no_traceback(tmp_path: Path) -> None:
    words = ["plant=small", "agent=edd", "pictures=false", "scenario.horizon_days=3"]
    words += ["scenario.demand.days=2", f"hydra.run.dir={tmp_path}/run"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "experiments/simulate.py", *words],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=250,
    )
    os.close(write)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "not all of what was printed was read" in done.stderr
    assert (tmp_path / "run" / "summary.json").is_file()
