"""Functions that Numba compiles and keeps on disk, with the types that their authors gave them.

Numba reads no annotations: they tell the reader and the type checker what a kernel takes. What
belongs together goes in as one `NamedTuple` with names, never as a tuple by position. What is
kept on disk is renewed when the function's own file changes, so a kernel and the `NamedTuple` that
it takes apart live in one file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

Function = TypeVar("Function", bound=Callable[..., Any])
Record = Any  # one row of a structured array, whose fields a kernel reads and writes by name


def compiled(function: Function) -> Function:
    """A compiled function whose floats are those of Python, to the last bit."""
    return _keep_on_shelf(njit(function), function)


def inlined(function: Function) -> Function:
    """A step of a kernel, put where it is called: a `NamedTuple` is then not handed over at all."""
    return _keep_on_shelf(njit(inline="always")(function), function)


def compiled_fast(function: Function) -> Function:
    """Likewise, where sums may be taken in any order and a division by zero gives infinity."""
    return _keep_on_shelf(njit(error_model="numpy", fastmath=True)(function), function)


def is_compiled(kernel: Callable[..., Any]) -> bool:
    """Are there kernels of its folder on disk? If not, the first run waits for the compiler."""
    folder = getattr(getattr(kernel, "_cache", None), "cache_path", None)
    return folder is not None and any(Path(folder).glob("*.nbi"))


class _Shelf(FunctionCache):  # type: ignore[misc]
    """Kernels on disk, of which those are thrown away that another version of the code has left.

    They name the `NamedTuple` that they take. Numba asks for it before it looks at their date, and
    would fail on every machine that has run the version in which it had another name.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # pickle may raise anything over what another version has written
            self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except OSError:  # a full disk: the next process compiles again
            return


def _keep_on_shelf(dispatcher: Any, function: Function) -> Function:
    try:
        dispatcher._cache = _Shelf(function)  # type: ignore[no-untyped-call]
    except RuntimeError:  # neither beside the code nor at home may anything be written
        return cast(Function, dispatcher)
    return cast(Function, dispatcher)
