"""Where a benchmark keeps its numbers: `summary.json` in a run folder of their own."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def keep(name: str, figures: Mapping[str, float | bool]) -> Path:
    """Write the figures, with the machine; the file."""
    folder = ROOT / "runs" / name / datetime.now().strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    path = folder / "summary.json"
    path.write_text(json.dumps({**figures, **machine}, indent=2) + "\n", encoding="utf-8")
    return path
