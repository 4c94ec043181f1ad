"""The network's own answers on rendered pieces, kept as a table: what ``inspector=cnn`` draws from.

NumPy only, so that a run of the factory needs no torch.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factory_env.errors import InputError, Problem
from factory_env.learned.defects import KINDS

SHIPPED_BANK = Path(__file__).parent / "weights" / "inspection_bank.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBank:
    """Probability of a defect that the network gave to n pieces of each state of `KINDS`.

    Half of the pieces were defective where it was fitted. Each row is sorted: a uniform number
    draws from it, and a worse draw is a larger number.
    """

    probability: NDArray[np.float32]  # (8, n)

    def save(self, path: Path) -> None:
        """Write the table; a reader sees the old file or the new one."""
        temporary = path.with_name(f".{path.name}.tmp.npz")
        np.savez_compressed(temporary, kinds=np.array(KINDS), probability=self.probability)
        temporary.replace(path)


def load_bank(path: Path = SHIPPED_BANK) -> VerdictBank:
    """The table in ``path``.

    Raises
    ------
    InputError
        If the file is missing or damaged, or its kinds are not those of this version.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            kinds, probability = tuple(file["kinds"].tolist()), file["probability"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _wrong(path, "must be a table of verdicts", str(error)) from error
    if kinds != KINDS or probability.ndim != 2 or len(probability) != len(KINDS):
        got = f"{kinds}, shape {probability.shape}"
        raise _wrong(path, f"must hold a row for each of {', '.join(KINDS)}", got)
    if not probability.size or not ((probability >= 0) & (probability <= 1)).all():
        raise _wrong(path, "must hold probabilities", "a number outside 0..1, or none")
    return VerdictBank(probability=np.sort(probability.astype(np.float32), axis=1))


def _wrong(path: Path, rule: str, got: str) -> InputError:
    return InputError([Problem(
        where=str(path), field="bank", rule=rule, got=got,
        right="the file that fit.py model=cnn leaves in weights/")])  # fmt: skip
