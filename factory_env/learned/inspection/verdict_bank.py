"""The network's own answers on rendered pieces, kept as a table: what ``inspector=cnn`` draws from.

NumPy only, so that a run of the factory needs no torch.
"""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.errors import InputError
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.whole_file import write_whole

MOST_BYTES = 1_000_000_000  # unpacked
DAMAGED = (  # what NumPy and zipfile raise over a file that is no archive of theirs
    EOFError,
    KeyError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
SHIPPED_BANK = Path(__file__).parents[1] / "weights" / "inspection_bank.npz"
CONDITIONS: Final = ("usual", "lighting", "new_styles")
"""What the camera met: pieces as it was trained on, light far off, designs of the generator."""
SEEN: Final = KINDS[1:]  # the kinds that a camera can tell from sound, in the order of the answers
LEAST_SOUND: Final = 1e-4  # a smaller probability of sound is not told from this one

Answers = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBank:
    """Probability of each kind of `SEEN` that the network gave to rendered pieces.

    Half of the pieces were defective where it was fitted, kinds in equal shares. Severities are
    uniform inside a bin; the b bins of equal width reach from `LEAST_SEVERITY` to 1. Answers of
    a cell are sorted, the likeliest defective first: a smaller number draws a worse piece.
    """

    sound: Answers  # (conditions, garments, m, 7)
    defective: Answers  # (conditions, garments, kinds, b, n, 7)
    # the same as odds against sound, (conditions, garments, m + 7 b n, 7): sound pieces first, then
    # kind by kind and bin by bin
    ratio: Answers = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (*self.sound.shape[:2], -1, len(SEEN))
        flat = np.concatenate([self.sound, self.defective.reshape(shape)], axis=2)
        object.__setattr__(self, "ratio", ratios(flat))

    @property
    def bins(self) -> int:
        """Bins of severity."""
        return int(self.defective.shape[3])

    def first(self, state: Ints) -> Ints:
        """Where the entries of states (numbers in `KINDS`) begin along the third axis."""
        per_kind = self.bins * self.defective.shape[4]
        begin = self.sound.shape[2] + (state - 1) * per_kind
        return np.asarray(np.where(state > 0, begin, 0), np.int64)

    def count(self, state: Ints) -> Ints:
        """Entries of one cell of each state."""
        return np.asarray(
            np.where(state > 0, self.defective.shape[4], self.sound.shape[2]), np.int64
        )

    def save(self, path: Path) -> None:
        """Write the table; a reader sees the old file or the new one."""
        tables: dict[str, Any] = {
            "kinds": np.array(KINDS),
            "garments": np.array(GARMENTS),
            "conditions": np.array(CONDITIONS),
            "sound": self.sound.astype(np.float16),
            "defective": self.defective.astype(np.float16),
        }
        write_whole(path, lambda part: np.savez_compressed(part, **tables))


def ratios(named: NDArray[np.float32]) -> Answers:
    """Probabilities of the kinds (..., 7) over that of sound."""
    sound = np.maximum(1.0 - named.sum(-1, keepdims=True), LEAST_SOUND)
    return np.ascontiguousarray(named / sound, np.float32)


@cache
def shipped_bank() -> VerdictBank:
    """The table that ships, read once in a process."""
    return load_bank()


def load_bank(path: Path = SHIPPED_BANK) -> VerdictBank:
    """The table in ``path``.

    Raises
    ------
    InputError
        If the file is missing or damaged, or its axes are not those of this version.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise ValueError(f"holds more than {MOST_BYTES / 1e6:g} MB")
        with np.load(path, allow_pickle=False) as file:
            names = {k: tuple(file[k].tolist()) for k in ("kinds", "garments", "conditions")}
            sound, defective = file["sound"], file["defective"]
    except DAMAGED as error:
        # numpy takes text for a pickle and advises to allow it: that must not reach a person
        got = "no NumPy archive" if "pickle" in str(error) else str(error)
        raise _wrong(path, "must be a table of verdicts", got) from error
    for axis, known in (("kinds", KINDS), ("garments", GARMENTS), ("conditions", CONDITIONS)):
        if names[axis] != known:
            raise _wrong(path, f"{axis} must be {', '.join(known)}", f"{names[axis]}")
    if not _fits(sound, defective):
        got = f"shapes {sound.shape} and {defective.shape}"
        raise _wrong(path, "must hold answers for every condition, garment and kind", got)
    for part in (sound, defective):
        if not ((part >= 0) & (part <= 1)).all() or part.dtype.kind != "f":
            raise _wrong(path, "must hold probabilities", "a number outside 0..1")
    return VerdictBank(sound=sound.astype(np.float32), defective=defective.astype(np.float32))


def _fits(sound: NDArray[np.floating], defective: NDArray[np.floating]) -> bool:
    if sound.ndim != 4 or defective.ndim != 6 or not sound.size or not defective.size:
        return False
    cells = (len(CONDITIONS), len(GARMENTS))
    return (*sound.shape[:2], sound.shape[3]) == (*cells, len(SEEN)) and (
        *defective.shape[:3],
        defective.shape[5],
    ) == (*cells, len(SEEN), len(SEEN))


def _wrong(path: Path, rule: str, got: str) -> InputError:
    return InputError.of(
        str(path), "bank", rule, got, "the file that fit.py model=cnn leaves in weights/"
    )
