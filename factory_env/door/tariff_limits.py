"""Limits of sense of a tariff's numbers: beyond them a number is in another unit."""

from __future__ import annotations

from typing import Final

DEAR_USD_PER_KWH: Final = 1.0  # dearer electricity is told to the user: cents, or a price per MWh?
PER_KW_LIMIT_USD: Final = 500.0  # a month; a rate above it is one per MW or in another currency
CARBON_LIMIT_G: Final = 2000.0  # no grid emits more per kWh
