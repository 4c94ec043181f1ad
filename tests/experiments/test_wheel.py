"""A wheel works away from the checkout: commands, conf, data, weights, environments."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("factory_env", "agents", "experiments", "conf")
FILES = ("pyproject.toml", "README.md", "LICENSE", "seamline.py")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment that holds the wheel, and the packages it needs beside it."""
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)]
    done = subprocess.run([*pip, *build], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (site / "beside.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (wheel,) = folder.glob("*.whl")
    install = ["install", "--no-deps", "--no-index", "--prefix", str(folder / "venv"), str(wheel)]
    done = subprocess.run(
        [str(folder / "venv/bin/python"), "-m", "pip", "-q", *install],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shutil.copy(ROOT / "examples" / "orders.csv", folder / "mine.csv")
    return folder


def run(house: Path, *words: str) -> str:
    """What a command prints, from a folder that has nothing of ours."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [str(house / "venv/bin" / words[0]), *words[1:]],
        cwd=house,
        env=env,
        capture_output=True,
        text=True,
        timeout=1000,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_world_is_that_of_the_wheel(house: Path) -> None:
    code = (
        "import gymnasium, factory_env; print(factory_env.__file__);"
        "gymnasium.make('GarmentFactory/Scheduling-v0', plant='small').reset(seed=1)"
    )
    assert str(house / "venv") in run(house, "python", "-c", code)


def test_seamline_simulates_a_book_of_ones_own(house: Path) -> None:
    out = run(house, "seamline", "simulate", "orders=mine.csv", "name=first")
    assert json.loads(out.splitlines()[-1])["orders"] == 36
    assert (house / "runs/simulate/first/report.xlsx").is_file()
    assert (house / "runs/simulate/first/gantt_all_lines.png").is_file()
    assert json.loads((house / "runs/simulate/first/versions.json").read_text())["commit"] is None


def test_shipped_weights_are_in_the_wheel(house: Path) -> None:
    words = ("plant=small", "agent=pretrained", "demand=gan", "inspector=cnn", "tariff=us_demand")
    out = run(house, "seamline", "simulate", *words, "pictures=false")
    assert json.loads(out.splitlines()[-1])["designs"] > 0


def test_seamline_evaluates(house: Path) -> None:
    words = ("evaluate", "plant=small", "agent=edd", "eval.episodes=2")
    out = run(house, "python", "-m", "seamline", *words)
    assert json.loads(out.splitlines()[-1])["episodes"] == 2
    assert "seamline" in run(house, "seamline", "--version")
