"""Measures the stain branch on photographs: page, table, figures beyond the six keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from experiments.command.run_folder import RunFolder
from experiments.fitting.stains.pictures import draw_stains
from factory_env.learned.scores import roc_auc
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.photos import FabricPhotos, read_fabric
from factory_env.learned.stain.places import Masked, StainPlaces, judged_places
from factory_env.learned.stain.quality import StainQuality, StainSettings, judged, views_of
from factory_env.learned.stain.split import neighbour_groups
from factory_env.learned.weights_file import SHIPPED

TARGET = 0.90  # of the balanced accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class StainFindings:
    """All that is measured of a stain network on photographs."""

    quality: StainQuality
    verdict_auc: float  # of the network's own verdict, which has seen no photograph
    apart: StainQuality  # photographs that follow each other stay in one part
    places: StainPlaces | None  # None: no masks

    @property
    def figures(self) -> dict[str, float | int | None]:
        """The six keys of the summary and what stands beside them."""
        seen = self.places
        return {
            **self.quality.figures,
            "found_share": self.quality.found_share,
            "passed_share": self.quality.passed_share,
            "verdict_auc": self.verdict_auc,
            "neighbours_balanced_accuracy": self.apart.stain_balanced_accuracy,
            "neighbours_auc": self.apart.stain_auc,
            "mask_hits": None if seen is None else seen.hits,
            "mask_pictures": None if seen is None else seen.pictures,
            "mask_cell_auc": None if seen is None else seen.stain_cell_auc,
        }


def measure_all(
    photos: FabricPhotos,
    masked: Masked | None,
    eye: StainEye,
    settings: StainSettings,
    neighbours: int,
) -> StainFindings:
    """Every figure; ``neighbours`` photographs in a row stay together in the stricter split."""
    views = views_of(photos.pictures, eye)
    verdict = views[1][:, 0]
    group = neighbour_groups(photos.is_stained, neighbours)
    return StainFindings(
        quality=judged(views, photos, settings),
        verdict_auc=roc_auc(verdict[photos.is_stained], verdict[~photos.is_stained]),
        apart=judged(views, photos, replace(settings, resamples=1), group),  # no interval is told
        places=None if masked is None else judged_places(masked, eye),
    )


def measure_fabric(
    folder: Path, run: RunFolder, weights: Path = SHIPPED, settings: StainSettings | None = None
) -> StainQuality:
    """Judge the photographs in ``folder``, draw ``stains.png`` into the run; the quality, whose
    ``figures`` go into the summary. ``weights``: the folder of the network.

    Raises `InputError` with every bad file of the folder or if the weights are not there.
    """
    eye = StainEye.shipped(weights)
    photos = read_fabric(folder)
    quality = judged(views_of(photos.pictures, eye), photos, settings or StainSettings())
    draw_stains(quality, photos, eye, run.path / "stains.png")
    return quality


def stain_table(findings: StainFindings) -> str:
    """The figures as lines of Markdown."""
    quality, seen = findings.quality, findings.places
    reached = "yes" if quality.stain_balanced_accuracy >= TARGET else "no"
    splits = ", ".join(f"{value:.3f}" for value in quality.balanced_accuracy_by_split)
    on_masks = (
        ""
        if seen is None
        else (
            f"\nMost stained cell on the mask: {seen.hits} of {seen.pictures}; "
            f"AUC of cells {seen.stain_cell_auc:.3f}."
        )
    )
    return (
        "\n".join(
            [
                "| figure | value | 95 % interval | target | reached |",
                "|---|---|---|---|---|",
                f"| stain_balanced_accuracy | {quality.stain_balanced_accuracy:.3f} | "
                f"{quality.stain_balanced_accuracy_low:.3f} to "
                f"{quality.stain_balanced_accuracy_high:.3f} "
                f"| >= {TARGET} | {reached} |",
                f"| stain_auc | {quality.stain_auc:.3f} | {quality.stain_auc_low:.3f} to "
                f"{quality.stain_auc_high:.3f} | | |",
                "",
                f"Balanced accuracy by split: {splits}. Found {quality.found_share:.1%} of the "
                f"stained, passed {quality.passed_share:.1%} of the clean photographs.",
                f"Neighbours kept together: balanced accuracy "
                f"{findings.apart.stain_balanced_accuracy:.3f}, AUC {findings.apart.stain_auc:.3f}."
                f" Verdict alone, without photographs: AUC {findings.verdict_auc:.3f}.{on_masks}",
            ]
        )
        + "\n"
    )
