"""Words for money in the names of columns: currencies, and their hundredths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# rough values [USD, 2015 to 2026]; a tariff further off than `VALUE_FACTOR` is one of another unit
USD_VALUES: Final = {
    "USD": 1.0, "EUR": 1.1, "GBP": 1.3, "CHF": 1.1, "SEK": 0.10, "NOK": 0.10, "DKK": 0.15,
    "PLN": 0.25, "CZK": 0.044, "HUF": 0.003, "RON": 0.23, "BGN": 0.56, "TRY": 0.06, "UAH": 0.03,
    "BDT": 0.010, "INR": 0.013, "PKR": 0.005, "LKR": 0.004, "CNY": 0.14, "JPY": 0.008,
    "KRW": 0.0008, "VND": 0.00004, "IDR": 0.000065, "THB": 0.029, "PHP": 0.018, "MYR": 0.23,
    "KHR": 0.00025, "MMK": 0.0006, "AUD": 0.7, "NZD": 0.65, "CAD": 0.75, "MXN": 0.055,
    "BRL": 0.22, "ZAR": 0.06, "EGP": 0.03, "MAD": 0.10, "TND": 0.34, "KES": 0.008, "ETB": 0.015,
    "NGN": 0.0015, "AED": 0.272, "SAR": 0.267, "SGD": 0.74, "HKD": 0.128, "TWD": 0.032,
}  # fmt: skip
VALUE_FACTOR: Final = 10.0
_MAIN: Final = {
    "EUR": "eur euro euros €", "USD": "usd us$", "GBP": "gbp pound pounds £ sterling",
    "BDT": "bdt tk taka ৳", "INR": "inr rs rupee rupees ₹", "CNY": "cny rmb yuan 元",
    "TRY": "try tl lira ₺", "VND": "vnd dong đ ₫", "JPY": "jpy yen", "CHF": "chf sfr",
    "PLN": "pln zł zl zloty", "CZK": "czk kč kc", "HUF": "huf ft forint", "RON": "ron lei",
    "THB": "thb baht ฿", "PHP": "php ₱", "KRW": "krw won ₩", "BRL": "brl r$", "UAH": "uah ₴",
    "IDR": "idr rupiah", "AUD": "aud a$ au$", "CAD": "cad c$ ca$", "ZAR": "zar rand",
    "": "$ dollar dollars kr ¥ currency",
}  # fmt: skip
_HUNDREDTHS: Final = (
    "c ct cts cent cents ¢ p pence penny øre öre ore paisa paise poisha fen 分 kuruş kurus krş "
    "sen satang grosz groszy gr haléř haler rappen centavo centavos centime centimes céntimos "
    "stotinki agorot eurocent eurocents uscent uscents €ct €c c€ ceur eurct eurc ctr cusd usc us¢ "
    "usct ceuro €cent $ct gbx"
)
_MILLS: Final = ("mill", "mills")
_WORD = re.compile(r"[^\W\d_]+[$€£¢]?|[$€£¥₹¢₫₺฿₽₩₱₴৳]+[^\W\d_]*")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A word for money."""

    units: float  # of the main currency: 0.01 for a cent
    code: str  # of the currency; "" = the word does not say which


_MONEY: Final[dict[str, Money]] = {
    **{w: Money(units=1.0, code=code) for code, words in _MAIN.items() for w in words.split()},
    **{code.lower(): Money(units=1.0, code=code) for code in USD_VALUES},
    **{word: Money(units=0.01, code="") for word in _HUNDREDTHS.split()},
    **{word: Money(units=0.001, code="") for word in _MILLS},
    "jiao": Money(units=0.1, code="CNY"),
    "角": Money(units=0.1, code="CNY"),
}


def find_money(text: str, *, alone: bool = False) -> Money | None:
    """The word for money at the end of a text; None if there is none.

    Parameters
    ----------
    alone
        The text must be nothing else.

    >>> find_money("spot price EUR").code, find_money("US cents").units, find_money("GBp").units
    ('EUR', 0.01, 0.01)
    """
    words = _WORD.findall(text)
    if not words or (alone and len(words) > 2):
        return None
    if words[-1] == "GBp":
        return Money(units=0.01, code="GBP")
    money = _MONEY.get(words[-1].casefold())
    if money is None and _CODE.fullmatch(words[-1]):
        money = Money(units=1.0, code=words[-1])
    if money is None:
        return None
    before = _MONEY.get(words[-2].casefold()) if len(words) > 1 else None
    if money.units < 1.0 and before is not None and before.units == 1.0:
        return Money(units=money.units, code=before.code)
    return None if alone and len(words) > 1 else money


def usual_usd(code: str) -> float | None:
    """Rough value of a currency [USD]; None if it is not in the table."""
    return USD_VALUES.get(code.strip().upper())
