"""What a person may say to ``inspect_images.py``, and its folder as a bare word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Interval

from experiments.command.options import Folder, needed
from experiments.command.words import VALUE_FLAGS, quote
from factory_env.domain.limits import InnerShare, Share, Size

if TYPE_CHECKING:
    from factory_env.learned.inspection.eye import Eye
    from factory_env.learned.stain.eye import StainEye


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions:
    """See conf/inspect_images.yaml."""

    folder: Annotated[Folder, needed("python experiments/inspect_images.py my_pictures")]
    look: Literal["garment", "fabric"] = "garment"
    threshold: Share = 0.5  # of the probability at `defective_share`
    defective_share: InnerShare = 0.08
    subfolders: bool = True
    limit: Size | None = None
    sheet: Annotated[int, Interval(ge=0, le=600)] = 60  # pictures: at most thirty pages
    weights: Folder | None = None

    @property
    def fitted_threshold(self) -> float:
        """The threshold as the network was fitted, with half of the pieces defective."""
        weight = self.threshold * (1 - self.defective_share)
        rest = (1 - self.threshold) * self.defective_share
        return weight / (weight + rest)


def folder_words(words: Sequence[str]) -> list[str]:
    """The command line with its first bare word as ``folder=...``, quoted for Hydra.

    A word with an equals sign is bare if it names a folder that is there.
    """
    found = list(words)
    for i, word in enumerate(words):
        is_value = i > 0 and words[i - 1] in VALUE_FLAGS
        is_bare = not word.startswith("-") and ("=" not in word or Path(word).is_dir())
        if is_bare and not is_value:
            found[i] = f"folder={quote(word)}"
            break
    return found


def eye_from(options: InspectOptions) -> Eye | StainEye:
    """The network of ``weights``: for fabric the stain network.

    Raises
    ------
    InputError
        If there is no fitting weights file in the folder.
    """
    from factory_env.learned.inspection.eye import Eye
    from factory_env.learned.stain.eye import StainEye
    from factory_env.learned.weights_file import SHIPPED

    kind = StainEye if options.look == "fabric" else Eye
    return kind.shipped(options.weights or SHIPPED)
