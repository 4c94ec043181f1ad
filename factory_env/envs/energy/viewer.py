"""The energy environment's picture: what flowed in the last two days, and what is known ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.factory import Readings
from factory_env.units import clock_text

BEFORE, AHEAD = 192, 96  # slots shown
LOAD, GRID, SUN, BATTERY, PRICE = "#000000", "#D55E00", "#E69F00", "#009E73", "#0072B2"


def draw_site(factory: Readings) -> NDArray[np.uint8]:
    """Powers above, battery and price below; shape (480, 960, 3)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.8), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    powers, money = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    _draw(powers, money, factory)
    bill = 0.0 if factory.site is None else factory.site.bill().total_usd
    figure.suptitle(f"{clock_text(factory.now_min)}   bill so far {bill:,.0f} USD", fontsize=11)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels: Any = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    return np.asarray(pixels)[:, :, :3].copy()


def _draw(powers: Any, money: Any, factory: Readings) -> None:
    site = factory.site
    assert site is not None
    first, at = max(0, site.at - BEFORE), site.at
    hours = (np.arange(first, at) - at) / 4.0
    log = site.log[first:at]
    powers.plot(hours, log["load_kw"], color=LOAD, label="load")
    powers.plot(hours, log["import_kwh"] * 4.0, color=GRID, label="grid")
    powers.plot(hours, log["pv_kw"], color=SUN, label="sun")
    powers.plot(hours, log["discharge_kw"] - log["charge_kw"], color=BATTERY, label="battery")
    powers.axvline(0.0, color="grey", linewidth=1)
    powers.set_ylabel("kW")
    powers.legend(loc="upper left", ncols=4, fontsize=8, frameon=False)
    price = site.slots.price_usd[first : at + AHEAD]
    money.step(
        (np.arange(first, first + price.shape[0]) - at) / 4.0,
        price,
        color=PRICE,
        where="post",
        label="price",
    )
    money.set_ylabel("USD/kWh")
    money.set_xlabel("hours from now")
    soc = money.twinx()
    soc.fill_between(hours, log["soc_kwh"], color=BATTERY, alpha=0.25)
    soc.set_ylabel("battery, kWh")
    soc.set_ylim(0.0, max(site.setup.site.battery.capacity_kwh, 1.0))
