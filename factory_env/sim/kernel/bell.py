"""A bell: whoever rings it does not know who listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

Told = ParamSpec("Told")


class Bell(Generic[Told]):
    """Tells everybody who listens, in the order in which they began to.

    >>> bell: Bell[[str]] = Bell()
    >>> bell.listen(print)
    >>> bell.ring("an order is chosen")
    an order is chosen
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[Told, None]] = []

    def listen(self, tell: Callable[Told, None]) -> None:
        """From now on call ``tell`` whenever the bell rings."""
        self._listeners.append(tell)

    def ring(self, *what: Told.args, **more: Told.kwargs) -> None:
        """Tell everybody."""
        for tell in self._listeners:
            tell(*what, **more)
