"""How to get a package that only some parts need."""

from __future__ import annotations

import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]


def how_to_install(extra: str) -> str:
    """The command that installs an extra into the Python that runs, in words for an error.

    >>> how_to_install("hpo").endswith("[hpo]'")
    True
    """
    source = f"-e '{_PROJECT}" if (_PROJECT / "pyproject.toml").is_file() else "'seamline"
    return f"{sys.executable} -m pip install {source}[{extra}]'"
