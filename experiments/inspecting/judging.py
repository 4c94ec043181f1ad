"""Reads and judges files, a batch at a time: memory does not grow with the folder."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.inspecting.folder import Entry
from experiments.inspecting.looks import FABRIC, seen
from experiments.inspecting.options import InspectOptions
from factory_env.learned.inspection.eye import Eye, at_share
from factory_env.learned.pictures.door import MOST_BYTES, Photo, Refusal, read_photo
from factory_env.learned.pictures.known_fabric import as_fabric
from factory_env.learned.pictures.known_picture import as_known

if TYPE_CHECKING:
    from factory_env.learned.stain.eye import StainEye

BATCH: Final = 64  # files


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the network says of a picture."""

    entry: Entry
    photo: Photo
    category: str
    category_probability: float  # nan for fabric, which is asked for and not recognised
    kinds: NDArray[np.float32]  # (8,), of sound and of each kind, at the asked defective share
    heat: NDArray[np.float32]  # (7, 7), probability that a part is changed; fabric: (56, 56)
    is_defective: bool

    @property
    def defect_probability(self) -> float:
        """Probability that the piece has a defect of any kind."""
        return float(1 - self.kinds[0])

    @property
    def likeliest(self) -> int:
        """Number in `KINDS` of the likeliest defect, whatever the verdict."""
        return 1 + int(self.kinds[1:].argmax())


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that was not judged."""

    entry: Entry
    refusal: Refusal


@dataclass(slots=True)
class Shown:
    """The verdicts with the highest probability of a defect, most of them ``most``."""

    most: int
    _heap: list[tuple[float, int, Verdict]] = field(default_factory=list)
    _count: int = 0

    def add(self, verdict: Verdict) -> None:
        """Keep ``verdict`` if it is among the highest; of equals the earlier one."""
        self._count += 1
        item = (verdict.defect_probability, -self._count, verdict)
        if len(self._heap) < self.most:
            heapq.heappush(self._heap, item)
        elif self.most:
            heapq.heappushpop(self._heap, item)

    def verdicts(self) -> list[Verdict]:
        """Highest first."""
        return [verdict for _, _, verdict in sorted(self._heap, reverse=True)]


def judged(
    entries: Sequence[Entry], options: InspectOptions, eye: Eye | StainEye
) -> Iterator[list[Verdict | Skipped]]:
    """Verdicts and refusals in the order of ``entries``, a batch at a time."""
    same = _Same(entries)
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        found = [same.refusal(e) or _opened(e, options) for e in batch]
        photos = [f for f in found if isinstance(f, Photo)]
        said = iter(_verdicts(zip(batch, found, strict=True), photos, options, eye))
        yield [
            next(said) if isinstance(one, Photo) else Skipped(entry=entry, refusal=one)
            for entry, one in zip(batch, found, strict=True)
        ]


def _opened(entry: Entry, options: InspectOptions) -> Photo | Refusal:
    if entry.reason is not None:
        return Refusal(reason=entry.reason)
    return read_photo(entry.path, as_fabric if options.look == FABRIC else as_known)


def _verdicts(
    pairs: Iterable[tuple[Entry, Photo | Refusal]],
    photos: Sequence[Photo],
    options: InspectOptions,
    eye: Eye | StainEye,
) -> list[Verdict]:
    if not photos:
        return []
    pictures = np.stack([p.picture for p in photos])
    said = seen(eye, pictures)
    kinds = kinds_at(said.kinds, options.defective_share)
    entries = [entry for entry, one in pairs if isinstance(one, Photo)]
    return [
        Verdict(
            entry=entry,
            photo=photo,
            category=category,
            category_probability=float(probability),
            kinds=kind,
            heat=heat,
            is_defective=bool(1 - kind[0] >= options.threshold),
        )
        for entry, photo, category, probability, kind, heat in zip(
            entries,
            photos,
            said.categories,
            said.category_probabilities,
            kinds,
            said.heats,
            strict=True,
        )
    ]


def kinds_at(fitted: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Probabilities (n, 8) of sound and each kind, fitted with half of the pieces defective, moved
    to ``share`` of them; kinds keep their proportions."""
    defective = 1 - fitted[:, :1]
    moved = at_share(defective, share)
    inside = fitted[:, 1:] / np.maximum(fitted[:, 1:].sum(1, keepdims=True), 1e-12)
    return np.concatenate([1 - moved, moved * inside], 1)


class _Same:
    """Knows files that have been seen before, by content; only equal sizes are compared."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        sizes = ((e, _size(e)) for e in entries if e.reason is None)
        self._size = {e.path: size for e, size in sizes if size is not None}
        self._often = Counter(self._size.values())
        self._first: dict[bytes, str] = {}

    def refusal(self, entry: Entry) -> Refusal | None:
        """Not None if a file of the same content came earlier."""
        size = self._size.get(entry.path, 0)
        if not 0 < size <= MOST_BYTES or self._often[size] < 2:
            return None
        try:
            with entry.path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
        except OSError:
            return None  # opening it as a picture tells why
        first = self._first.setdefault(content, entry.name)
        return None if first == entry.name else Refusal(reason=f"same content as {first}")


def _size(entry: Entry) -> int | None:
    try:
        return entry.path.stat().st_size
    except OSError:
        return None
