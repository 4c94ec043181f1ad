"""Changes as plain values and back."""

from __future__ import annotations

import json
from math import inf

import pytest

from factory_env.domain.changes import AddOrder, LineSpeed, OtherPolicy, WorkDay
from factory_env.domain.order import Order
from factory_env.door.changes_json import dump_changes, load_changes

ORDER = Order(
    order_id="A",
    style_id="polo-02",
    quantity=300,
    release_min=0.0,
    due_min=9000.0,
    price_usd=4.0,
    priority=1.0,
    customer="Marlowe",
)
CHANGES = (
    AddOrder(at_min=60.0, order=ORDER),
    LineSpeed(from_min=60.0, line="tee-1", factor=0.5, to_min=inf),
    LineSpeed(from_min=60.0, line="polo-1", factor=0.5, to_min=99.0),
    WorkDay(day=6),
    OtherPolicy(at_min=60.0, agent="edd"),
)


def test_what_is_written_is_read_again_the_same() -> None:
    text = json.dumps(dump_changes(CHANGES), allow_nan=False)
    assert load_changes(json.loads(text)) == CHANGES


def test_what_is_no_change_is_refused() -> None:
    with pytest.raises(KeyError):
        load_changes([{"kind": "Nothing"}])
    with pytest.raises(ValueError, match="day"):
        load_changes([{"kind": "WorkDay", "day": "Sunday"}])
