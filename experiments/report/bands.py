"""When power is dear: a tariff's bands as shades behind a load curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from factory_env.domain.records import Table
from factory_env.domain.series import SLOTS_PER_HOUR
from factory_env.domain.tariff import Tariff

Ints = NDArray[np.int64]
# from the cheapest to the dearest: green, white, yellow to red
SHADES: Final[dict[int, tuple[str, ...]]] = {
    1: ("#FFFFFF",),
    2: ("#FFFFFF", "#F9CDBE"),
    3: ("#DDEFD9", "#FFFFFF", "#F9CDBE"),
    4: ("#DDEFD9", "#FFFFFF", "#FCE9C8", "#F9CDBE"),
    5: ("#CFE8CF", "#E6F3E1", "#FFFFFF", "#FCE9C8", "#F9CDBE"),
}
MOST: Final = max(SHADES)
ROOM_SLOTS: Final = 7  # that a band's name needs on the picture of a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """A class for every slot of the run, the cheapest first."""

    number: Ints  # (n,)
    names: tuple[str, ...]

    def shade(self, axes: Axes, first: int, last: int) -> None:
        """Paint the background between two slots; x in hours from the first."""
        runs = list(self._runs(first, last))
        spans = [(begin / SLOTS_PER_HOUR, (end - begin) / SLOTS_PER_HOUR) for begin, end in runs]
        colours = [self._colour(int(self.number[first + begin])) for begin, _ in runs]
        across: Any = axes.get_xaxis_transform()
        axes.broken_barh(spans, (0, 1), facecolors=colours, transform=across, zorder=0, linewidth=0)

    def name(self, axes: Axes, first: int, last: int) -> None:
        """Write each band's name on top of its hours, where there is room for it."""
        if len(self.names) < 2:
            return
        for begin, end in self._runs(first, last):
            if end - begin >= ROOM_SLOTS:
                text = self.names[int(self.number[first + begin])].replace(": ", "\n")
                axes.text(
                    (begin + end) / 2 / SLOTS_PER_HOUR,
                    0.985,
                    text,
                    ha="center",
                    va="top",
                    transform=axes.get_xaxis_transform(),
                    fontsize=8.5,
                    color="#555555",
                    zorder=6,
                )

    def legend(self) -> list[Any]:
        """Patches for the legend, the dearest first; none if the price never changes."""
        if len(self.names) < 2:
            return []
        return [
            Patch(facecolor=self._colour(i), edgecolor="#AAAAAA", label=self.names[i])
            for i in reversed(range(len(self.names)))
        ]

    def _runs(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Slots of one class in a row: from, until; counted from ``first``."""
        inside = self.number[first:last]
        edges = (np.flatnonzero(np.diff(inside)) + 1).tolist()
        yield from zip([0, *edges], [*edges, inside.shape[0]], strict=True)

    def _colour(self, number: int) -> str:
        return SHADES[len(self.names)][number]


def price_bands(table: Table, tariff: Tariff) -> Bands:
    """Bands by price; prices of a market, and tariffs of many bands, in thirds of the hours."""
    names = tuple(band.name for band in tariff.bands)
    used = np.unique(table["band"])
    if tariff.spot is not None or len(used) > MOST:
        return _thirds(table["price_usd"])
    if len(used) == 1 and tariff.demand_bands:
        return _demand(table, tariff)
    mean = {int(b): float(table["price_usd"][table["band"] == b].mean()) for b in used}
    ranked = sorted(mean, key=lambda b: mean[b])
    number = np.zeros(table["band"].shape[0], dtype=np.int64)
    for rank, band in enumerate(ranked):
        number[table["band"] == band] = rank
    text = tuple(f"{names[b].replace('_', ' ')}: {mean[b]:.3f} USD/kWh" for b in ranked)
    return Bands(number=number, names=text)


def _thirds(price: NDArray[np.float64]) -> Bands:
    low, high = np.quantile(price, (1 / 3, 2 / 3))
    number = (price > low).astype(np.int64) + (price > high)
    return Bands(
        number=number,
        names=(
            f"cheapest third of hours: up to {low:.3f} USD/kWh",
            f"middle third: up to {high:.3f}",
            f"dearest third: up to {price.max():.3f}",
        ),
    )


def _demand(table: Table, tariff: Tariff) -> Bands:
    """One energy price, but hours with a demand charge of their own."""
    highest = [0.0, *(max(band.rates) * tariff.usd_per_unit for band in tariff.demand_bands)]
    used = sorted(np.unique(table["demand_band"]).tolist(), key=lambda b: highest[b])[-MOST:]
    number = np.zeros(table["band"].shape[0], dtype=np.int64)
    for rank, band in enumerate(used):
        number[table["demand_band"] == band] = rank
    names = ["no band", *(band.name.replace("_", " ") for band in tariff.demand_bands)]
    text = tuple(
        f"demand, {names[b]}: {highest[b]:.2f} USD/kW" if b else "no demand band" for b in used
    )
    return Bands(number=number, names=text)
