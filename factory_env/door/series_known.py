"""Files whose publisher says the unit in its manual, and not in the column's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from factory_env.door.tables.table import fold_name

# columns that together tell the publisher; the column; its unit
KNOWN: Final = (
    (("valid_from", "value_inc_vat"), "value_inc_vat", "p/kWh"),  # Octopus Energy
    (("valid_from", "value_exc_vat"), "value_exc_vat", "p/kWh"),
    (("hourutc", "spotpricedkk"), "spotpricedkk", "DKK/MWh"),  # Energi Data Service
    (("hourutc", "spotpriceeur"), "spotpriceeur", "EUR/MWh"),
    (("timeutc", "dayaheadpricedkk"), "dayaheadpricedkk", "DKK/MWh"),
    (("timeutc", "dayaheadpriceeur"), "dayaheadpriceeur", "EUR/MWh"),
    (("date_time", "marketprice"), "marketprice", "EUR/MWh"),  # aWATTar
    (("start_timestamp", "end_timestamp", "marketprice"), "marketprice", "EUR/MWh"),
)


def look_up_unit(header: Sequence[str], column: str) -> str:
    """The unit of a column by the publisher of the file; "" = not known."""
    names = {fold_name(cell) for cell in header}
    wanted = fold_name(column)
    return next(
        (unit for columns, name, unit in KNOWN if name == wanted and names.issuperset(columns)), ""
    )
