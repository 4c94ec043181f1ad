"""What charts with a row an order share: names, the choice of a variant, the height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from experiments.futures.report.facts import MOST_ORDERS, Facts
from experiments.futures.report.look import TimeAxis

ROW_PX: Final = 27
HEAD_PX: Final = 80
FOOT_PX: Final = 60
LONGEST: Final = 18  # of an order's name on an axis
SHIFT: Final = 0.17  # of base and variant from the middle of a row


def rows_height(facts: Facts) -> int:
    """Of a chart with a row for each order that is shown."""
    return ROW_PX * max(3, len(facts.risky)) + HEAD_PX + FOOT_PX


def order_axis(facts: Facts) -> dict[str, Any]:
    """Orders from above, the one most at risk first, each with its due date."""
    time = TimeAxis(facts.clock)
    names = facts.risky
    labels = []
    for name in names:
        due = time.say_due(facts.orders.due_anywhere(name))
        labels.append(f"{escape_text(shorten(name))} <span style='color:#5b6673'>{due}</span>")
    return {
        "tickvals": list(range(len(names))),
        "ticktext": labels,
        "range": [len(names) - 0.4, -0.6],
        "zeroline": False,
        "fixedrange": True,
    }


def shorten(name: str) -> str:
    """An order's name that fits beside its row."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def escape_text(text: str) -> str:
    """A user's word in a text of plotly, which knows some tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def choose_variant(names: Sequence[str], owners: Sequence[str]) -> dict[str, Any]:
    """Buttons above a chart that show the traces of one variant at a time.

    Parameters
    ----------
    owners
        Of every trace the variant that it belongs to; empty = it is always shown.
    """
    if len(names) < 2:
        return {}
    buttons = [
        {
            "label": escape_text(shorten(name)),
            "method": "restyle",
            "args": ["visible", [owner in ("", name) for owner in owners]],
        }
        for name in names
    ]
    return {
        "updatemenus": [
            {
                "type": "buttons" if len(names) <= 4 else "dropdown",
                "direction": "right" if len(names) <= 4 else "down",
                "buttons": buttons,
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "pad": {"b": 34},
                "showactive": True,
                "active": 0,
                "bgcolor": "#ffffff",
                "bordercolor": "#b8c0c9",
            }
        ]
    }


def cut_note(facts: Facts) -> tuple[str, ...]:
    """Says what is left out."""
    notes = []
    count = len(facts.orders.names)
    if count > MOST_ORDERS:
        notes.append(
            f"Of {count:,} orders the {MOST_ORDERS} most likely late are drawn; "
            "the tables have all."
        )
    if len(facts.variants) > len(facts.drawn):
        notes.append(
            f"Of {len(facts.variants)} variants the first {len(facts.drawn)} are drawn; "
            "the tables have all."
        )
    return tuple(notes)
