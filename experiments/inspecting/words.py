"""What the figures of an inspection mean, in sentences and as the summary of the run."""

from __future__ import annotations

from collections import Counter
from typing import Any

from experiments.inspecting.options import InspectOptions
from experiments.inspecting.session import Session

TABLE = "pictures.csv"
KNOWN = {
    "garment": "The network knows one whole garment, shoe or bag on a plain ground, at 25 mm a "
    "pixel. It names a class and a verdict for anything that stands out from a "
    "picture's border, also for a face or a landscape: those verdicts mean nothing. "
    "Fabric close by: look=fabric.",
    "fabric": "The network knows fabric close by, evenly lit, and looks for stains alone, in the "
    "middle square of each picture. It has learned from drawn fabric only.",
}


def sentences(options: InspectOptions) -> tuple[str, ...]:
    """What the figures mean and what the network does not know, a sentence a line."""
    return (
        f"Probabilities hold where {options.defective_share:.3g} of the pieces are defective "
        "(defective_share, assumed unless you gave it); the network was fitted where half were.",
        f"A piece is called defective from {options.threshold:.3g} on, which is "
        f"{options.fitted_threshold:.3g} where half are defective.",
        KNOWN[options.look],
    )


def summary(found: Session, options: InspectOptions, sheets: list[str]) -> dict[str, Any]:
    """What the last line of the command says."""
    return {
        "pictures": found.pictures,
        "defective": sum(found.defects.values()),
        "skipped": sum(found.reasons.values()),
        "left_out": found.left_out,
        "folder": str(options.folder),
        "look": options.look,
        "threshold": options.threshold,
        "threshold_at_half": options.fitted_threshold,
        "defective_share": options.defective_share,
        "defects": _by_count(found.defects),
        "categories": _by_count(found.categories),
        "reasons": _by_count(found.reasons),
        "table": TABLE,
        "sheets": sheets,
        "shown": len(found.shown),
    }


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(counts.most_common())
