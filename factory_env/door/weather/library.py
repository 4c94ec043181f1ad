"""The library that knows weather files, imported where one is read: it takes a second to load."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def iotools() -> Any:
    """Readers of pvlib."""
    return import_module("pvlib.iotools")
