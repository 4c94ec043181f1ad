"""What a person may say to ``inspect_images.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Interval

from experiments.command.options import Folder, needed
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
