"""A sheet of designs with what each would do to the factory, and every design as a PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imsave

from experiments.designing.session import Session
from experiments.report.garments import Card, sheet
from experiments.report.palette import save

COLUMNS: Final = 6
SHEET: Final = "designs.png"
NEAREST: Final = "nearest.png"


def draw_designs(found: Session, folder: Path, title: str) -> list[Path]:
    """``designs.png``, ``nearest.png``, and one small PNG a design below ``designs/``."""
    cards = [_card(found, i) for i in range(len(found.names))]
    own = cards[: len(cards) - found.way]
    way = cards[len(own) :]
    rows = [own[k : k + COLUMNS] for k in range(0, len(own), COLUMNS)]
    rows += [way[k : k + COLUMNS + 1] for k in range(0, len(way), COLUMNS + 1)]
    subtitle = (
        "Complexity from 0 to 1; standard minutes to sew a piece; cost (labour and fabric) of the "
        "price; the line that makes most a day,\nonce it has learned; change from another style; "
        "novelty: share of existing designs that stand closer to another one. Bar: novelty."
    )
    pictures = folder / "designs"
    pictures.mkdir(exist_ok=True)
    single = []
    for i, picture in enumerate(found.look.pictures):
        path = pictures / f"{found.names[i].replace(' %', '').replace(', ', '_at_')}.png"
        path = path.with_name(path.name.replace(" ", "_"))
        imsave(path, np.dstack([picture] * 3))  # a colour map would round
        single.append(path)
    return [
        save(sheet(title, subtitle, rows), folder / SHEET),
        save(_nearest(found, title), folder / NEAREST),
        *single,
    ]


def _card(found: Session, i: int) -> Card:
    style, cost = found.styles[i], found.reckonings[i]
    assert style.design is not None
    best = next(iter(cost.lines.items()), None)
    line = "no line can sew it" if best is None else f"{best[1]:,.0f} a day on {best[0]}"
    novelty = float(found.neighbours.novelty[i])
    return Card(
        picture=found.look.pictures[i],
        product=style.product.name,
        title=found.names[i] if "%" in found.names[i] else f"design {found.names[i]}",
        lines=(
            f"{style.product.name}, complexity {style.design.complexity:.2f}",
            f"{cost.smv_min:.1f} min, {cost.operations} operations",
            f"cost {cost.cost_usd:.2f} of {style.product.price_usd:.2f} USD",
            line,
            f"changeover {cost.setup_min:.0f} min",
            f"{100 * cost.defect_share:.0f} % defective",
            f"novelty {novelty:.2f}",
        ),
        bar=novelty,
    )


def _nearest(found: Session, title: str) -> Figure:
    """A row a design: it, and beside it the existing designs nearest to it."""
    rows = []
    for i in range(min(len(found.names), 24)):
        style = found.styles[i]
        row = [
            Card(
                picture=found.look.pictures[i],
                product=style.product.name,
                title=f"design {found.names[i]}",
                lines=("new",),
            )
        ]
        near = zip(found.neighbours.nearest[i], found.neighbours.distance[i], strict=True)
        for k, apart in near:
            row.append(
                Card(
                    picture=np.asarray(found.existing.pictures[int(k)]),
                    product="",
                    title=found.existing.names[int(k)],
                    lines=(f"existing, distance {apart:.2f}",),
                )
            )
        rows.append(row)
    pairs = [a + b for a, b in zip(rows[::2], [*rows[1::2], []], strict=False)]
    return sheet(
        f"{title}: what exists already and is nearest",
        f"Every new design, and right of it the nearest of {found.existing.source}; distance: of "
        "features, 0 = the same picture.",
        pairs,
    )
