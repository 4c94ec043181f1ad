"""The plan of a run as a calendar (iCalendar, RFC 5545): an event for every order on its line."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from experiments.report.plans.rows import PlanRow

PRODUCER = "-//Seamline//Plan of the sewing lines//EN"
STAMP = datetime(2000, 1, 1, tzinfo=UTC)  # equal plans give equal files


def calendar_bytes(rows: Sequence[PlanRow], first_day: date) -> bytes:
    """A calendar file; times are those of the clock on the wall, whatever the zone.

    Orders that no line has begun, or that were not sewn within the run, have no event.
    """
    from icalendar import Calendar  # only where a run has dates

    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    for row in rows:
        if row.line and not math.isnan(row.end_min):
            calendar.add_component(_event(row, first_day))
    return bytes(calendar.to_ical())


def _event(row: PlanRow, first_day: date):  # type: ignore[no-untyped-def]  # of a late import
    from icalendar import Event

    midnight = datetime(first_day.year, first_day.month, first_day.day)
    event = Event()
    name = hashlib.sha256(f"{row.line}/{row.order_id}/{first_day}".encode()).hexdigest()[:32]
    event.add("uid", f"{name}@seamline")
    event.add("dtstamp", STAMP)
    event.add("dtstart", midnight + timedelta(minutes=round(row.start_min)))
    event.add(
        "dtend", midnight + timedelta(minutes=max(round(row.end_min), round(row.start_min) + 1))
    )
    event.add("summary", f"{row.line}: {row.order_id}, {row.pieces:,} x {row.style}")
    event.add("location", row.line)
    due = midnight + timedelta(minutes=row.due_min - 1.0)
    event.add("description", f"due {due:%a %d %b %Y}; {row.customer}".rstrip("; "))
    return event
