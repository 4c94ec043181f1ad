"""Designs drawn by rule: the stand-in for the trained generator, without torch."""

from __future__ import annotations

from factory_env.styling.drawer import Drawer
from factory_env.styling.season import StudioSource


class Drawn(StudioSource):
    """A season from the sketchbook of the procedural drawer."""

    def __init__(self) -> None:
        super().__init__(Drawer)


PLUG = Drawn
