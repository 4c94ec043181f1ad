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
    "": "$ dollar dollars kr ¥ fr currency",
}  # fmt: skip
# currencies that a word for money can be of, where they are several or it is a fraction
_CENTS: Final = "EUR USD CHF AUD CAD NZD ZAR SGD HKD TWD KES LKR MYR ETB BRL MXN PHP"
_POSSIBLE: Final = {
    "$ dollar dollars": "USD AUD CAD NZD SGD HKD TWD MXN", "kr öre øre ore": "SEK NOK DKK",
    "¥": "CNY JPY", "fr rappen": "CHF", "fen 分": "CNY", "sen": "MYR IDR JPY",
    "£ pound pounds": "GBP EGP", "rs rupee rupees": "INR PKR LKR", "p": "GBP INR PKR BDT",
    "pence penny gbx": "GBP", "paisa paise": "INR PKR BDT", "poisha": "BDT",
    "kuruş kurus krş": "TRY", "satang": "THB", "grosz groszy gr": "PLN", "haléř haler": "CZK",
    "stotinki": "BGN", "centime centimes": "CHF EUR MAD", "céntimos": "EUR",
    "centavo centavos": "BRL MXN PHP", "c ct cts cent cents ¢": _CENTS,
    "eurocent eurocents €ct €c c€ ceur eurct eurc ctr ceuro €cent": "EUR",
    "uscent uscents cusd usc us¢ usct": "USD", "$ct": "USD AUD CAD NZD SGD HKD TWD MXN",
}  # fmt: skip
_HUNDREDTHS: Final = (
    "c ct cts cent cents ¢ p pence penny øre öre ore paisa paise poisha fen 分 kuruş kurus krş "
    "sen satang grosz groszy gr haléř haler rappen centavo centavos centime centimes céntimos "
    "stotinki agorot eurocent eurocents uscent uscents €ct €c c€ ceur eurct eurc ctr cusd usc us¢ "
    "usct ceuro €cent $ct gbx"
)
_ANY_HUNDREDTH: Final = ("p", "pence", "c", "ct", "cts", "cent", "cents")
_MILLS: Final = ("mill", "mills")
_WORD = re.compile(r"[^\W\d_]+[$€£¢]?|[$€£¥₹¢₫₺฿₽₩₱₴৳]+[^\W\d_]*")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A word for money."""

    units: float  # of the main currency: 0.01 for a cent
    code: str  # of the currency; "" = the word does not say which
    word: str = ""
    codes: frozenset[str] = frozenset()  # that the word can be of; empty = nothing is known

    @property
    def is_any_hundredth(self) -> bool:
        """Do people also write it for the small coin of another currency?"""
        return self.word in _ANY_HUNDREDTH

    def can_be(self, code: str) -> bool:
        """Can an amount in this word be one of the currency ``code``?

        >>> find_money("kr").can_be("EUR"), find_money("kr").can_be("SEK")
        (False, True)
        """
        if self.codes and code in USD_VALUES:
            return code in self.codes
        return code in ("", self.code) or not self.code


def _money(word: str, units: float, code: str = "") -> Money:
    codes = next((codes for words, codes in _POSSIBLE.items() if word in words.split()), "")
    return Money(units=units, code=code, word=word, codes=frozenset(codes.split()))


_MONEY: Final[dict[str, Money]] = {
    **{word: _money(word, 1.0, code) for code, words in _MAIN.items() for word in words.split()},
    **{code.lower(): _money(code.lower(), 1.0, code) for code in USD_VALUES},
    **{word: _money(word, 0.01) for word in _HUNDREDTHS.split()},
    **{word: _money(word, 0.001) for word in _MILLS},
    "jiao": _money("jiao", 0.1, "CNY"),
    "角": _money("角", 0.1, "CNY"),
    "rp": _money("rp", 0.01, "CHF"),
}
_RUPIAH: Final = _money("rp", 1.0, "IDR")


def find_money(text: str, *, alone: bool = False, currency: str = "") -> Money | None:
    """The word for money at the end of a text; None if there is none.

    Parameters
    ----------
    alone
        The text must be nothing else.
    currency
        Of the tariff, if it is known: ``Rp`` is a hundredth of a franc, and a whole rupiah.

    >>> find_money("spot price EUR").code, find_money("US cents").units, find_money("GBp").units
    ('EUR', 0.01, 0.01)
    """
    words = _WORD.findall(text)
    if not words or (alone and len(words) > 2):
        return None
    if words[-1] == "GBp":
        return Money(units=0.01, code="GBP")
    money = _MONEY.get(words[-1].casefold())
    if money is not None and money.word == "rp" and currency == "IDR":
        money = _RUPIAH
    if money is None and _CODE.fullmatch(words[-1]):
        money = Money(units=1.0, code=words[-1])
    if money is None:
        return None
    before = _MONEY.get(words[-2].casefold()) if len(words) > 1 else None
    if money.units < 1.0 and before is not None and before.units == 1.0:
        return Money(
            units=money.units, code=before.code, word=f"{words[-2]} {words[-1]}", codes=before.codes
        )
    return None if alone and len(words) > 1 else money


def usual_usd(code: str) -> float | None:
    """Rough value of a currency [USD]; None if it is not in the table."""
    return USD_VALUES.get(code.strip().upper())
