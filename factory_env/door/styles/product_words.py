"""Finds the product that a style's name or a word of a user's file means.

``data/product_words.csv`` lists the words by product; a product's own name always means it. The
longest words win: a polo shirt is a polo, a shirt dress a dress.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from factory_env.library import rows

_WORD: Final = re.compile(r"[^\W\d_]+")  # letters of any language


def clean_text(text: str) -> str:
    """A cell without odd blanks and signs: one way to write what looks the same.

    >>> clean_text("  polo\\u201001 ")
    'polo-01'
    """
    dashes = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
    return " ".join(unicodedata.normalize("NFKC", text).translate(dashes).split())


def fold_text(text: str) -> str:
    """What two names have in common that mean the same: case and odd blanks do not count."""
    return clean_text(text).casefold()


class ProductWords:
    """Knows the products of a library by their words."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        own = {tuple(_words(name)): name for name in self.names}
        shipped = {w: p for w, p in _shipped_words().items() if p in self.names}
        self._product: Mapping[tuple[str, ...], str] = {**shipped, **own}
        self._by_name = {fold_text(name): name for name in self.names}
        self._longest = max(map(len, self._product), default=0)

    def exact(self, text: str) -> str | None:
        """The product that a text means as a whole.

        >>> ProductWords(["tee", "polo"]).exact("T-Shirts")
        'tee'
        """
        name = self._by_name.get(fold_text(text))
        if name is not None or any(c.isdigit() for c in text):
            return name
        return self._product.get(tuple(_words(text)))

    def find(self, text: str) -> tuple[str, ...]:
        """The products that the words of a text name, in their order, each once.

        >>> ProductWords(["polo", "shirt", "dress"]).find("POLO SHIRT red 4711")
        ('polo',)
        """
        words, products, at = _words(text), [], 0
        while at < len(words):
            length = self._match(words, at)
            if length:
                products.append(self._product[tuple(words[at : at + length])])
            at += max(length, 1)
        return tuple(dict.fromkeys(products))

    def _match(self, words: Sequence[str], at: int) -> int:
        """Number of words from ``at`` on that name a product; 0 = none."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            if tuple(words[at : at + length]) in self._product:
                return length
        return 0


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_text(text))


@cache
def _shipped_words() -> Mapping[tuple[str, ...], str]:
    return {tuple(row["words"].split()): row["product"] for row in rows("product_words.csv")}
