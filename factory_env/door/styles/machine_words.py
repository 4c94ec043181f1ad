"""Finds the machine that a bulletin's word means, by ``data/machine_words.csv``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from factory_env.domain.product import FABRIC_GROUPS
from factory_env.library import machine_codes, rows


def find_machine(word: str) -> Mapping[str, str] | None:
    """Fabric group -> code of the machine, or None if nobody knows the word.

    >>> find_machine("Overlock")
    {'woven': 'OL5', 'knit': 'OL4'}
    >>> find_machine("snls") == find_machine("Lockstitch")
    True
    """
    code = word.strip().upper()
    if code in machine_codes():
        return dict.fromkeys(FABRIC_GROUPS, code)
    return _words().get(_plain(word))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    named = {
        _plain(row["words"]): {group: row[group] for group in FABRIC_GROUPS}
        for row in rows("machine_words.csv")
    }
    titles = {
        _plain(row["name"]): dict.fromkeys(FABRIC_GROUPS, row["machine"])
        for row in rows("machines.csv")
        if row["place"] == "line"
    }
    return {**titles, **named}


def _plain(word: str) -> str:
    """Letters and digits alone, without the word machine: "Over-Lock M/C" is "overlock"."""
    text = re.sub(r"\b(m/?cs?|machines?)\b", " ", word.casefold())
    return re.sub(r"[\W_]+", "", text) or re.sub(r"[\W_]+", "", word.casefold())
