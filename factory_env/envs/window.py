"""A window on the screen that shows an environment's pictures as it runs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.errors import InputError

PAUSE_S = 0.001  # what the screen gets to draw


class Window:
    """Opens with the first picture; a copy has none of its own until then.

    Raises
    ------
    InputError
        If there is no screen to open a window on.
    """

    def __init__(self) -> None:
        check_screen()
        self._image: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_image": None}

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Draw a picture, shape (height, width, 3), in place of the last one."""
        from matplotlib import pyplot

        if self._image is None:
            height, width, _ = picture.shape
            figure = pyplot.figure(figsize=(width / 100, height / 100), dpi=100)
            axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
            axes.set_axis_off()
            self._image = axes.imshow(picture)
            pyplot.show(block=False)
        self._image.set_data(picture)
        pyplot.pause(PAUSE_S)

    def close(self) -> None:
        """Close the window, if it is open."""
        if self._image is not None:
            from matplotlib import pyplot

            pyplot.close(self._image.figure)
            self._image = None


def check_screen() -> None:
    """Raise `InputError` where matplotlib can open no window."""
    from matplotlib import pyplot

    registry: Any = import_module("matplotlib.backends.registry")
    with_windows = registry.backend_registry.list_builtin(registry.BackendFilter.INTERACTIVE)
    backend = pyplot.get_backend().lower()
    if backend not in with_windows:
        raise InputError.of(
            "environment",
            "render_mode",
            "human needs a screen and a toolkit that matplotlib can open windows with",
            f"matplotlib backend {backend}",
            "render_mode='rgb_array' draws without a screen",
        )
