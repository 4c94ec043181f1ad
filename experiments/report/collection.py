"""The season's collection as a contact sheet: what was drawn, what it takes, what was ordered."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.report.garments import Card, as_picture, sheet
from experiments.report.palette import product_colours, save
from factory_env.domain.records import RunLog

COLUMNS: Final = 12
FILE: Final = "collection.png"


def collection_figures(log: RunLog) -> dict[str, Any]:
    """The summary's keys of the season; none for a run without pictures of its designs."""
    designs = log.tables["designs"]
    styles = designs["style"].tolist()
    if not styles:
        return {}
    ordered = count_ordered(log)
    pieces = np.array([ordered[style][0] for style in styles])
    repeats = sum(ordered[style][2] for style in styles)
    orders = sum(ordered[style][1] for style in styles)
    agree = designs["category"] == designs["asked"]
    return {
        "designs": len(styles),
        "designs_ordered": int((pieces > 0).sum()),
        "best_seller": styles[int(pieces.argmax())],
        "repeat_order_share": repeats / max(orders, 1),
        "classifier_agrees_share": float(agree.mean()),
    }


def count_ordered(log: RunLog) -> dict[str, tuple[int, int, int]]:
    """Pieces ordered, orders, and repeat orders by style; cancelled orders are left out."""
    orders = log.tables["orders"]
    found = dict.fromkeys(log.tables["designs"]["style"].tolist(), (0, 0, 0))
    kept = np.isnan(orders["cancelled_min"])
    for style, pieces, repeat in zip(
        orders["style"][kept].tolist(),
        orders["quantity"][kept].tolist(),
        orders["is_repeat"][kept].tolist(),
        strict=True,
    ):
        if style in found:
            a, b, c = found[style]
            found[style] = (a + pieces, b + 1, c + int(repeat))
    return found


def draw_collection(log: RunLog, folder: Path) -> Path:
    """``collection.png``: product after product, best seller first."""
    designs = log.tables["designs"]
    ordered = count_ordered(log)
    most = max(max(pieces for pieces, _, _ in ordered.values()), 1)
    rows: list[list[Card]] = []
    room = 0  # columns left in the last row
    for product in product_colours(designs["product"].tolist()):
        own = np.flatnonzero(designs["product"] == product).tolist()
        own.sort(key=lambda i: -ordered[designs["style"][i]][0])
        cards = [_card(log, i, ordered[designs["style"][i]], most) for i in own]
        if rows and len(cards) <= room:
            rows[-1] += cards
        else:
            rows += [cards[k : k + COLUMNS] for k in range(0, len(cards), COLUMNS)]
        room = COLUMNS - len(rows[-1])
    sold = sum(pieces for pieces, _, _ in ordered.values())
    number = sum(pieces > 0 for pieces, _, _ in ordered.values())
    title = f"The season's collection: {len(ordered)} designs, {sold:,} pieces ordered"
    subtitle = (
        f"Pale: not ordered ({len(ordered) - number}). Complexity from 0 to 1; standard minutes to "
        "sew a piece; its fabric and price; what was ordered. Bar: pieces, full = the best seller."
    )
    return save(sheet(title, subtitle, rows), folder / FILE)


def _card(log: RunLog, i: int, ordered: tuple[int, int, int], most: int) -> Card:
    designs = {name: column[i] for name, column in log.tables["designs"].items()}
    pieces, orders, repeats = ordered
    sold = f"{pieces:,} pieces, {orders} order{'s' * (orders != 1)}" if orders else "not ordered"
    again = f"{repeats} of them repeat{'s' * (repeats == 1)}" if repeats else ""
    return Card(
        picture=as_picture(designs["picture"]),
        product=str(designs["product"]),
        title=str(designs["style"]),
        lines=(
            f"complexity {designs['complexity']:.2f}",
            f"{designs['smv_min']:.1f} min, {designs['operations']} operations",
            f"{1000 * designs['fabric_kg']:.0f} g, {designs['price_usd']:.2f} USD",
            sold,
            again,
        ),
        bar=pieces / most,
        is_pale=pieces == 0,
    )
