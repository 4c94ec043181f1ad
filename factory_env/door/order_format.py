"""What an order book does not say by itself, and its user may: keys ``orders_format.*``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from annotated_types import Interval

from factory_env.door.tables.table import TableFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFormat(TableFormat):
    """How a book is to be read. None = as it says itself."""

    usd_per_unit: Annotated[float, Interval(gt=0, le=1000)] | None = None  # of its currency
    release: str | None = None  # of every order, where no column says it
    # rows with one id: colours and sizes of one order, to be added up; None = refused
    repeated: Literal["sum"] | None = None


AS_THE_BOOK_SAYS: Final = BookFormat()
KEY: Final = "orders_format"  # of the config
