"""A study of seconds, as a user would write it, and how it is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.compare import main

SHORT = {"plant": "small", "overrides": {"horizon_days": 8, "demand.days": 4}}
TINY: Mapping[str, Any] = {
    "title": "A tiny study",
    "policies": {"edd": "edd", "atcs_match": "atcs_match"},
    "scenarios": {"short": SHORT},
    "seeds": {"first": 100_000, "count": 3},
    "ratios": {"edd_vs_rule": {"of": "edd"}},
    "milliseconds": {"edd_ms": "edd"},
}
CELLS = 6


def write_study(folder: Path, **changes: Any) -> Path:
    """The file of a study, with some of its keys changed."""
    path = folder / "tiny.yaml"
    path.write_text(yaml.safe_dump({**TINY, **changes}))
    return path


def hold(folder: Path, *words: str) -> dict[str, Any]:
    """Run ``compare.py`` in this process; its summary."""
    try:
        main([*words, *(() if has_workers(words) else ("workers=1",)), "json=true"])
    except SystemExit as end:
        if end.code != 1:
            raise
    return dict(json.loads((folder / "summary.json").read_text()))


def has_workers(words: tuple[str, ...]) -> bool:
    return any(word.startswith("workers=") for word in words)


def results(folder: Path) -> dict[str, Any]:
    """What ``results.json`` holds."""
    return dict(json.loads((folder / "results.json").read_text()))


def count_lines(folder: Path) -> int:
    """Lines of the file of cells."""
    return len((folder / "cells.jsonl").read_text().splitlines())


def refuse(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run ``compare.py`` with wrong input; what it says."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main([*words, "workers=1"])
    assert end.value.code == 2
    return capsys.readouterr().err
