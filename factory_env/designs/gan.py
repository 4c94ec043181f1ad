"""Designs drawn by the trained generator that ships with the package."""

from __future__ import annotations

from factory_env.domain.studio import Studio
from factory_env.styling.season import StudioSource


class Gan(StudioSource):
    """A season from the generator's sketchbook; brings torch when it is first asked."""

    def __init__(self) -> None:
        super().__init__(load_generator)


def load_generator() -> Studio:
    """The generator of the package.

    Raises
    ------
    InputError
        If the shipped weights are missing, damaged or of another version.
    """
    from factory_env.learned.gan.designer import Designer  # brings torch

    return Designer.shipped()


PLUG = Gan
