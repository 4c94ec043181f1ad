"""The folder is the registry: one plug per file, found by the file's name."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from types import ModuleType
from typing import Any

from factory_env.errors import InputError


def plug_names(package: ModuleType) -> tuple[str, ...]:
    """Names of all plugs in ``package``: modules that say ``PLUG = <class>``."""
    names = (m.name for m in pkgutil.iter_modules(package.__path__) if not m.ispkg)
    return tuple(sorted(n for n in names if hasattr(_module(package, n), "PLUG")))


def load_plugs(package: ModuleType) -> dict[str, Any]:
    """All plugs in ``package`` by name, in the order of the names."""
    return {name: _module(package, name).PLUG for name in plug_names(package)}


def load_plug(package: ModuleType, name: str) -> Any:
    """The class behind ``name``.

    Raises
    ------
    InputError
        If no file of that name holds a plug; the message offers the nearest names.
    """
    names = plug_names(package)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3) or list(names)
        kind = package.__name__.rsplit(".", 1)[-1]
        raise InputError.of(
            kind,
            "name",
            f"must be one of the {len(names)} known {kind}",
            repr(name),
            "try " + ", ".join(near),
        )
    return _module(package, name).PLUG


def _module(package: ModuleType, name: str) -> ModuleType:
    return importlib.import_module(f"{package.__name__}.{name}")
