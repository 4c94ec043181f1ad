"""Limits of sense of a tariff's numbers: beyond them a number is in another unit."""

from __future__ import annotations

from typing import Final

DEAR_USD_PER_KWH: Final = 1.0  # dearer electricity is told to the user: cents, or a price per MWh?
PER_KW_LIMIT_USD: Final = 500.0  # a month; a rate above it is one per MW or in another currency
CARBON_LIMIT_G: Final = 2000.0  # no grid emits more per kWh
MOST_FIXED_USD: Final = 1e6  # a month
MOST_KW: Final = 1e6  # of a contract
MOST_PENALTY: Final = 100.0  # times the rate
USD_PER_UNIT: Final = (1e-6, 1e3)  # from a Lao kip to a Kuwaiti dinar, and far beyond
MOST_CARBON_USD: Final = 100.0  # per kg, of a price on carbon: a hundred thousand per tonne
