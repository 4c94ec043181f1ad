"""What charts with a row an order share: names, the choice of a variant, the height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from experiments.futures.report.facts import MOST_ORDERS, Facts
from experiments.futures.report.look import BETTER, INK, SOFT, WORSE, TimeAxis

ROW_PX: Final = 27
HEAD_PX: Final = 80
FOOT_PX: Final = 60
LONGEST: Final = 18  # of an order's name on an axis
SHIFT: Final = 0.17  # of base and variant from the middle of a row


def rows_height(facts: Facts) -> int:
    """Of a chart with a row for each order that is shown."""
    return ROW_PX * max(3, len(facts.risky)) + HEAD_PX + FOOT_PX


def order_axis(facts: Facts, name: str) -> dict[str, Any]:
    """Orders from above, the one most at risk first, each with its due date."""
    rows = len(facts.risky)
    return {
        "tickvals": list(range(rows)),
        "ticktext": label_orders(facts, name),
        "range": [rows - 0.4, -0.6],
        "zeroline": False,
        "fixedrange": True,
    }


def label_orders(facts: Facts, name: str) -> list[str]:
    """Names and due dates of `Facts.rank_rows`; those that turn late or are saved say so."""
    time = TimeAxis(facts.clock)
    orders = facts.orders
    words: dict[str, str] = {}
    if name:
        words |= dict.fromkeys(orders.list_late(facts.base, name), _tint("turns late", WORSE))
        words |= dict.fromkeys(orders.list_saved(facts.base, name), _tint("saved", BETTER))
        words |= dict.fromkeys(orders.list_new(facts.base, name), _tint("new", INK))
    labels = []
    for order in facts.rank_rows(name):
        due = _tint(time.say_due(facts.due_min(name, order)), SOFT)
        if not any(orders.is_there(n, order) for n in (facts.base, name or facts.base)):
            labels.append("")  # of another variant
            continue
        word = f"{words[order]}  " if order in words else ""
        labels.append(f"{word}{escape_text(shorten(order))}  {due} ")
    return labels


def _tint(text: str, paint: str) -> str:
    weight = "" if paint == SOFT else ";font-weight:bold"
    return f"<span style='color:{paint}{weight}'>{text}</span>"


def label_axis(facts: Facts) -> dict[str, dict[str, Any]]:
    """Variant -> what of the layout changes as it is chosen."""
    return {name: {"yaxis.ticktext": label_orders(facts, name)} for name in facts.drawn}


def shorten(name: str) -> str:
    """An order's name that fits beside its row."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def escape_text(text: str) -> str:
    """A user's word in a text of plotly, which knows some tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def choose_variant(
    names: Sequence[str],
    owners: Sequence[str],
    layouts: Mapping[str, Mapping[str, Any]] | None = None,
    pad: int = 34,
) -> dict[str, Any]:
    """Buttons above a chart that show the traces of one variant at a time.

    Parameters
    ----------
    owners
        Of every trace the variant that it belongs to; empty = it is always shown.
    layouts
        Variant -> what of the layout changes with it.
    pad
        Pixels between chart and buttons.
    """
    if len(names) < 2:
        return {}
    buttons = [
        {
            "label": escape_text(shorten(name)),
            "method": "update",
            "args": [
                {"visible": [owner in ("", name) for owner in owners]},
                dict((layouts or {}).get(name, {})),
            ],
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
                "pad": {"b": pad},
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
    return (*notes, *note_variants(facts))


def note_variants(facts: Facts) -> tuple[str, ...]:
    """Says which variants are left out."""
    if len(facts.variants) <= len(facts.drawn):
        return ()
    return (
        f"Of {len(facts.variants)} variants the {len(facts.drawn)} that change the cost most are "
        "drawn; the tables have all.",
    )
