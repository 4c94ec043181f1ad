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
        "SMV: standard minutes a piece. Cost: labour and fabric of a piece. Line: the best one, "
        "settled pieces a day. Bar: novelty."
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
    line = "no line can sew it" if best is None else f"{best[0]}: {best[1]:,.0f} a day"
    novelty = float(found.neighbours.novelty[i])
    return Card(
        picture=found.look.pictures[i],
        product=style.product.name,
        title=found.names[i] if "%" in found.names[i] else f"design {found.names[i]}",
        lines=(
            f"{style.product.name}, complexity {style.design.complexity:.2f}",
            f"SMV {cost.smv_min:.1f} min, {cost.operations} ops",
            f"cost {cost.cost_usd:.2f} of {style.product.price_usd:.2f} USD",
            line,
            f"change {cost.setup_min:.0f} min",
            f"defects {100 * cost.defect_share:.0f} %, novelty {novelty:.2f}",
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
                title=found.names[i],
                lines=("the new design",),
            )
        ]
        near = zip(found.neighbours.nearest[i], found.neighbours.distance[i], strict=True)
        for k, apart in near:
            row.append(
                Card(
                    picture=np.asarray(found.existing.pictures[int(k)]),
                    product="",
                    title=found.existing.names[int(k)],
                    lines=(f"distance {apart:.2f}",),
                )
            )
        rows.append(row)
    pairs = [a + b for a, b in zip(rows[::2], [*rows[1::2], []], strict=False)]
    return sheet(f"{title}: nearest designs", f"existing designs: {found.existing.source}", pairs)
