"""Which release of the package this is."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1] / "pyproject.toml"


def read_release() -> str:
    """Its version: of a checkout that of its project file, else that of the installation."""
    if PROJECT.is_file():
        project = tomllib.loads(PROJECT.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "seamline":
            return str(project["version"])
    return metadata.version("seamline")
