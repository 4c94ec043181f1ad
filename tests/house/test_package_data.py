"""What a wheel holds: every file of the packages that is no code is named in pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_of_a_package_is_in_its_wheel() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    named = tools["setuptools"]["package-data"]
    missing = []
    for package in ("factory_env", "agents", "experiments", "conf"):
        folder = ROOT / package
        kept = {path for pattern in named.get(package, ()) for path in folder.glob(pattern)}
        files = {p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
        missing += [p for p in files - kept if p.suffix not in (".py", ".pyc", ".nbi", ".nbc")]
    assert sorted(p.relative_to(ROOT).as_posix() for p in missing) == []
