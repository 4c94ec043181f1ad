"""What a variant asks, in words: settings laid over the base, and dated changes."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any, Final

from experiments.futures.question import Variant
from experiments.futures.report.look import TimeAxis
from factory_env.domain.changes import Change
from factory_env.domain.order import Order
from factory_env.units import MIN_PER_DAY

BEFORE_TIMES: Final = {"at_min": "from", "from_min": "from", "to_min": "until", "due_min": "due"}
MOST_CHANGES: Final = 6  # of a variant, told one by one


def say_asked(variant: Variant, base: Variant, time: TimeAxis) -> str:
    """How a variant differs from the base."""
    words = [f"{key} = {value}" for key, value in variant.settings.items()]
    told = [say_dated(change, time) for change in variant.changes]
    words += told[:MOST_CHANGES]
    if len(told) > MOST_CHANGES:
        words.append(f"and {len(told) - MOST_CHANGES} more changes")
    if variant.agent != base.agent and "agent" not in variant.settings:
        words.append(f"decided by {variant.agent}")
    if not words and variant.orders != base.orders:
        words.append("another order book")
    return f"{variant.name}: {'; '.join(words) or 'as the base'}."


def say_dated(change: Change, time: TimeAxis) -> str:
    """A change, as ``line down polo-1, from Tue 3 Mar 10:00, until Wed 4 Mar 00:00``."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(change).__name__).lower()
    words = []
    for field in dataclasses.fields(change):
        value = getattr(change, field.name)
        if value is None or value == field.default:
            continue
        words.append(_say_field(field.name, value, time))
    return f"{name} {', '.join(word for word in words if word)}"


def _say_field(name: str, value: Any, time: TimeAxis) -> str:
    if isinstance(value, Order):
        due = time.say_due(value.due_min)
        return f"{value.order_id} ({value.style_id}, {value.quantity:,} pieces, due {due})"
    if name.endswith("_min"):
        if not math.isfinite(value):
            return ""
        say = time.say_due if name == "due_min" else time.say
        return f"{BEFORE_TIMES.get(name, name.removesuffix('_min'))} {say(value)}"
    if name == "day":
        return time.say_due((value + 1) * MIN_PER_DAY)
    if name == "share":
        return f"{100 * value:+.0f} %"
    if name == "factor":
        return f"times {value:g}"
    if name in ("line", "order_id", "machine", "agent"):
        return str(value)
    return f"{name} {value:+g}" if name == "heads" else f"{name} {value:,}"
