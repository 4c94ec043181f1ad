"""An order that is added: what must be said of it, and what the factory knows itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from factory_env.domain.order import Order
from factory_env.door.changing.fields import (
    Field,
    Moment,
    Number,
    Schema,
    Text,
    Values,
    read_fields,
)
from factory_env.door.changing.known import Fault, Known, nearest

MOST_PIECES: Final = 10_000_000
FIELDS: Final[Mapping[str, Field]] = {
    "order": Text("order_id"),
    "style": Text("style_id"),
    "quantity": Number("quantity", 1, MOST_PIECES, is_whole=True),
    "due": Moment("due_min", is_end=True),
    "fabric": Moment("release_min"),
    "price": Number("price_usd", 0.0, is_above=True),
    "priority": Number("priority", 0.0, 1000.0, is_above=True),
    "customer": Text("customer"),
    "colours": Number("colours", 1, 1000, is_whole=True),
}
NEEDED: Final = ("style", "quantity", "due")


class Faults(Fault):
    """Several things that are wrong in one value, each with its key."""

    def __init__(self, inner: list[tuple[str, Any, Fault]]) -> None:
        super().__init__(inner[0][2].rule, inner[0][2].right)
        self.inner = inner


@dataclass(frozen=True, slots=True)
class NewOrder:
    """``{style: polo-02, quantity: 2000, due: 2026-12-18}``; fabric comes with the order."""

    def read(self, value: Any, known: Known) -> Values:
        if not isinstance(value, Mapping):
            raise Fault("must be a mapping", "{style: polo-02, quantity: 2000, due: day 18}")
        values, faults = read_fields(FIELDS, value, known)
        given = {key for key, _, _ in faults} | value.keys()
        faults += [
            (key, "nothing", Fault("must be given", f"add {key}: ..."))
            for key in NEEDED
            if key not in given
        ]
        style = self._style(values, known, faults)
        if values.get("order_id") in {*(known.orders or ()), *known.added}:
            rule = "must be an id that no other order has"
            faults.append(("order", values["order_id"], Fault(rule, "another id")))
        if faults:
            raise Faults(faults)
        defaults: Values = {
            "order_id": _free_id(known),
            "release_min": 0.0,  # with the order: see `added_orders`
            "price_usd": style,
            "priority": 1.0,
            "customer": "",
        }
        order = Order(**(defaults | values))
        known.added.add(order.order_id)
        return {"order": order}

    def _style(
        self, values: Values, known: Known, faults: list[tuple[str, Any, Fault]]
    ) -> float | None:
        """Price of the order's style; None = it is not known, or given."""
        name = values.get("style_id")
        if name is None or known.styles is None:
            if "price_usd" not in values and name is not None:
                right = "add price: ...; styles are drawn with the run"
                faults.append(("price", "nothing", Fault("must be given", right)))
            return None
        if name not in known.styles:
            rule = "must be a style of the scenario"
            faults.append(("style", name, Fault(rule, nearest(name, known.styles))))
            return None
        style = known.styles[name]
        if not known.scenario.plant.lines_for(style.product):
            rule = f"must be sewn by a line of plant {known.scenario.plant.name}"
            faults.append(("style", name, Fault(rule, "a style that a line has skill for")))
        return style.product.price_usd

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key: field.schema() for key, field in FIELDS.items()},
            "required": list(NEEDED),
            "additionalProperties": False,
        }


def _free_id(known: Known) -> str:
    taken = {*(known.orders or ()), *known.added}
    return next(name for i in range(1, len(taken) + 2) if (name := f"NEW-{i}") not in taken)
