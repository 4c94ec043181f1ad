"""Simulated team-days beside those of a real factory (UCI records)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.uci import uci_check

# key -> (figure, target as text, lowest, highest)
BANDS: dict[str, tuple[str, str, float, float]] = {
    "uci_mean": ("mean productivity of a team-day", ".72 ± .03", 0.69, 0.75),
    "uci_sd": ("standard deviation of team-days", ".12 to .19", 0.12, 0.19),
    "uci_q05": ("5 % quantile of team-days", ".30 to .45", 0.30, 0.45),
    "uci_lag1": ("lag-1 correlation within a team", ".5 to .8", 0.5, 0.8),
    "uci_style_drop": ("fall on the day of a style change", "15 to 30 %", 0.15, 0.30),
    "uci_recovery_days": ("days to recover 63 % of it", "2 to 4", 2.0, 4.0),
}
WASSERSTEIN = "uci_wasserstein"
REAL_WASSERSTEIN = "uci_wasserstein_real"
WASSERSTEIN_RATIO = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class UciDays:
    """Judges what `uci_check` measures.

    That returns a mapping: a number for every key of ``BANDS``, for ``uci_wasserstein`` and
    ``uci_wasserstein_real``; the texts ``what``, ``how``, ``expected``, ``found``; and
    ``pictures``, pairs of file and caption.
    """

    title: ClassVar[str] = "A real factory: UCI team-days"
    place: ClassVar[int] = 10
    seconds: ClassVar[float] = 40.0
    needs_data: ClassVar[bool] = True
    keys: ClassVar[tuple[str, ...]] = (*BANDS, WASSERSTEIN)

    def run(self, context: Context) -> CheckResult:
        assert context.data_dir is not None
        found = uci_check(context.data_dir, context.pictures)
        context.progress(1.0)
        return CheckResult(
            what=str(found["what"]),
            how=str(found["how"]),
            expected=str(found["expected"]),
            found=str(found["found"]),
            figures=(*(_band(key, float(found[key])) for key in BANDS), _distance(found)),
            pictures=tuple(
                Picture(file=Path(file), caption=str(caption))
                for file, caption in found["pictures"]
            ),
        )


def _band(key: str, value: float) -> Figure:
    what, target, low, high = BANDS[key]
    return Figure(
        key=key,
        what=what,
        target=target,
        measured=f"{value:.3f}",
        value=value,
        met=low <= value <= high,
    )


def _distance(found: Any) -> Figure:
    """Distance of simulated to real March, beside that of January and February to March."""
    value, real = float(found[WASSERSTEIN]), float(found[REAL_WASSERSTEIN])
    return Figure(
        key=WASSERSTEIN,
        what="distance of simulated to real March",
        target=f"at most {WASSERSTEIN_RATIO} x January-February to March ({real:.4f})",
        measured=f"{value:.4f}, {value / real:.2f} x",
        value=value,
        met=value <= WASSERSTEIN_RATIO * real,
    )


PLUG = UciDays
