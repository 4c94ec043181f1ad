"""The store as `answer` sees it: runs by variant and seed."""

from __future__ import annotations

from typing import Any

from experiments.futures.outcome import Outcome
from experiments.futures.question import Variant
from experiments.futures.store.folder import MOST_MB, RunFiles
from experiments.futures.store.naming import name_run, name_variant
from factory_env.door.text_file import user_path
from factory_env.errors import InputError


class RunStore:
    """Finds runs that were played before, in whatever question.

    Parameters
    ----------
    files
        Where they lie.
    """

    def __init__(self, files: RunFiles) -> None:
        self.files = files
        self._names: dict[int, tuple[Variant, str]] = {}  # the variant keeps its id its own

    def find(self, variant: Variant, seed: int) -> Outcome | None:
        """The run of a variant under a seed, as it was kept; None if it must be played."""
        return self.files.find(self._key(variant, seed))

    def keep(self, variant: Variant, seed: int, outcome: Outcome) -> None:
        """Keep a run; one that is there is replaced."""
        self.files.keep(self._key(variant, seed), outcome, variant)

    def _key(self, variant: Variant, seed: int) -> str:
        if id(variant) not in self._names:
            self._names[id(variant)] = (variant, name_variant(variant))
        return name_run(self._names[id(variant)][1], seed)


def open_store(folder: str | None, most_mb: float = MOST_MB, **words: Any) -> RunStore | None:
    """The store that ``store=`` of a command line means; None = nothing is kept.

    Raises
    ------
    InputError
        If its path is a file, or its size is none.
    """
    if folder is None:
        return None
    path = user_path(folder)
    if path.exists() and not path.is_dir():
        right = "a folder, e.g. runs/store; store=null keeps nothing"
        raise InputError.of("command line", "store", "must be a folder", folder, right)
    if not most_mb > 0.0:
        right = f"{MOST_MB:g}; store=null keeps nothing"
        raise InputError.of("command line", "store_mb", "must be above 0", str(most_mb), right)
    return RunStore(RunFiles(path, most_mb, **words))
