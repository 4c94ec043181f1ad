"""Workers end with their parent, also when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factory_env.processes import end_with_parent
from tests.conftest import ROOT

POOL = """
import sys, time
from dataclasses import dataclass
from experiments.command.crew import work_off

@dataclass(frozen=True)
class Sleepers:
    def open(self):
        import os
        print(os.getpid(), flush=True)
        return time.sleep

if __name__ == "__main__":
    work_off(Sleepers(), [60.0, 60.0], workers=2, title="sleepers")
"""
INTERRUPTED = """
import sys, time
from experiments.command.crew import Crew

class Sleepers:
    def open(self):
        print("open", flush=True)
        return time.sleep

if __name__ == "__main__":
    try:
        with Crew(2) as crew:
            crew.work_off(Sleepers(), [60.0, 60.0])
    except KeyboardInterrupt:
        sys.exit(130)
"""
VECTOR = """
import os
import gymnasium as gym
from agents.deep.grouped import GroupedVecEnv

class Env(gym.Env):
    observation_space = gym.spaces.Dict({"mask": gym.spaces.MultiBinary(2)})
    action_space = gym.spaces.Discrete(2)
    def __init__(self):
        print(os.getpid(), flush=True)

if __name__ == "__main__":
    import time
    envs = GroupedVecEnv([Env, Env], 2)
    time.sleep(60)
"""
# the same crew, without Stable-Baselines3 in three processes
BARE = VECTOR.replace(
    "from agents.deep.grouped import GroupedVecEnv",
    "from factory_env.envs.vector.env import FactoryVectorEnv",
).replace("GroupedVecEnv(", "FactoryVectorEnv(")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no POSIX signals on Windows")
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(POOL, id="pool"),
        pytest.param(BARE, id="environments"),
        pytest.param(VECTOR, id="environments of a training", marks=pytest.mark.slow),
    ],
)
def test_no_worker_outlives_a_killed_parent(program: str, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(program)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert parent.stdout is not None
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20.0
    while any(is_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in workers if is_alive(pid)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no POSIX signals on Windows")
def test_an_interrupted_crew_ends_at_once_and_without_a_word(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(INTERRUPTED)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        start_new_session=True,  # Ctrl-C goes to the whole group, and to this one alone
    )
    assert parent.stdout is not None
    assert [parent.stdout.readline() for _ in range(2)] == ["open\n"] * 2
    os.killpg(parent.pid, signal.SIGINT)
    _, told = parent.communicate(timeout=40)  # its jobs would take 60 s
    assert parent.returncode == 130
    assert "Traceback" not in told


def is_alive(pid: int) -> bool:
    """Does the process run? One that ended and was not waited for does not."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.is_dir() and Path("/proc/self").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_without_a_parent_of_ours_goes_on() -> None:
    end_with_parent()  # this one: nothing happens
