"""Builds a user's styles, products and bulletins from ``styles=`` and ``bulletins=``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from factory_env.domain.product import Bulletin, Product, Style
from factory_env.door.gather import Gather
from factory_env.door.styles.bulletin_file import Bulletins, read_bulletins
from factory_env.door.styles.new_products import build_product
from factory_env.door.styles.own_work import OwnWork
from factory_env.door.styles.product_words import ProductWords, clean_text, fold_text
from factory_env.door.styles.style_columns import FABRICS
from factory_env.door.styles.style_rows import StyleRow, StyleRows, read_style_rows
from factory_env.door.tables.reading import is_file
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import load_library

FACTOR_LOW: Final = 0.05  # a style's minutes over its bulletin's: beyond it is another product
FACTOR_HIGH: Final = 20.0
FILLERS: Final = ("basic", "classic", "standard", "regular", "bulletin", "operation", "operations")


def read_own_work(styles: str | Path | None, bulletins: str | Path | None) -> OwnWork:
    """What the files say; nothing with neither.

    Parameters
    ----------
    styles
        A CSV file or a sheet of a workbook: style, product, and what else `SYNONYMS` names.
    bulletins
        A file of bulletins, or a folder of them.

    Raises
    ------
    InputError
        With every problem of both.
    """
    gather = Gather()
    lists = Bulletins() if bulletins is None else gather(read_bulletins, bulletins)
    file = None if styles is None else gather(read_style_rows, styles)
    if lists is None or (file is None and styles is not None):
        gather.done()
    assert lists is not None
    builder = _Builder(lists, file)
    groups = {} if file is None else builder.group_rows(file)
    builder.replace_bulletins(str(bulletins))
    if file is not None:
        builder.add_styles(groups, file)
    gather.add(builder.problems)
    gather.done()
    return builder.build(*(str(s) for s in (styles, bulletins) if s is not None))


class _Builder:
    """Products and styles, as they are put together."""

    def __init__(self, lists: Bulletins, file: StyleRows | None) -> None:
        self.problems: list[Problem] = []
        self._lists = {fold_text(b.name): b for b in lists.bulletins}
        self._notes = [*lists.notes, *(file.notes if file is not None else ())]
        self._house: dict[str, Product] = {p.name: p for p in load_library().products}
        self._words = ProductWords(self._house)
        self._products: dict[str, Product] = {}  # new ones and those with another bulletin
        self._new: list[str] = []
        self._like: dict[str, str] = {}
        self._styles: list[Style] = []
        self._used: set[str] = set()  # bulletins

    def group_rows(self, file: StyleRows) -> dict[str, list[StyleRow]]:
        """Product -> its rows; the bulletins that they are sewn by are spoken for."""
        said: dict[str, str] = {}  # style -> product that its own name says
        groups: dict[str, list[StyleRow]] = {}
        for row in file.rows:
            name = self._name_product(row, file, said)
            if name is not None:
                groups.setdefault(name, []).append(row)
        if said:
            pairs = ", ".join(f"{style} ({product})" for style, product in said.items())
            self._notes.append(f"{file.where}: products by the words of the styles' names: {pairs}")
        self._used |= {name for name in groups if name in self._lists and name not in self._house}
        for row in file.rows:
            self._bulletin(row, file)
        return groups

    def add_styles(self, groups: Mapping[str, list[StyleRow]], file: StyleRows) -> None:
        """The styles of a file, and the new products that they are of."""
        for name, rows in groups.items():
            product: Product | None = self._products.get(name) or self._house.get(name)
            if product is None:
                product = self._new_product(name, rows, file)
            if product is not None:
                self._styles += self._build_styles(product, rows, file)

    def _name_product(self, row: StyleRow, file: StyleRows, said: dict[str, str]) -> str | None:
        """The product of a row; None = it cannot be told, and is reported."""
        text = row.product
        if text and (exact := self._words.exact(text)) is not None:
            group = FABRICS.get(row.fabric_group.casefold(), "")
            if group and group != self._house[exact].fabric_group:
                right = "leave it out, or give the product a name of its own"
                rule = f"must be that of the product, {exact}"
                self.problems.append(file.wrong(row, "fabric_group", rule, group, right))
            return exact
        if text and (row.fabric_group or row.like):
            return fold_text(text)  # a new one
        named = self._words.find(text or row.style)
        if len(named) == 1:
            said[row.style] = named[0]
            return named[0]
        known = ", ".join(self._house)
        rule = "must be a known product, or a new one with fabric_group or like"
        if len(named) > 1:
            rule = f"must be one product, not {' and '.join(named)}"
        got = repr(text) if text else f"nothing, and {row.style!r} names none"
        right = f"one of {known}; or fabric_group=knit or woven beside a new name"
        self.problems.append(file.wrong(row, "product", rule, got, right))
        return None

    def _new_product(self, name: str, rows: list[StyleRow], file: StyleRows) -> Product | None:
        own = self._lists.get(name)
        chosen = [b for row in rows if (b := self._bulletin(row, file)) is not None]
        known = {**self._house, **self._products}
        try:
            built = build_product(name, rows, known, own or next(iter(chosen), None), file)
        except InputError as error:
            self.problems += error.problems
            return None
        product, note = built
        self._products[name] = product
        self._new.append(name)
        if like := next((row.like for row in rows if row.like), ""):
            self._like[name] = self._words.exact(like) or like
        self._notes.append(f"{file.where}: {note}")
        return product

    def _bulletin(self, row: StyleRow, file: StyleRows) -> Bulletin | None:
        """The bulletin that a style is sewn by, if not by its product's."""
        key = fold_text(row.bulletin or row.style)
        for name in (key, fold_text(Path(clean_text(key)).stem)):
            if name in self._lists:
                self._used.add(name)
                return self._lists[name]
        if not row.bulletin:
            return None
        near = Path(file.where.partition("#")[0]).parent / row.bulletin
        if is_file(near):
            return self._read_beside(near, row, file)
        known = (
            ", ".join(b.name for b in self._lists.values()) or "none: bulletins=<folder or file>"
        )
        problem = file.wrong(
            row, "bulletin", "must be a bulletin of bulletins=", repr(row.bulletin), known
        )
        if problem not in self.problems:
            self.problems.append(problem)
        return None

    def _read_beside(self, path: Path, row: StyleRow, file: StyleRows) -> Bulletin | None:
        """The bulletin of a file that a row names."""
        try:
            lists = read_bulletins(path)
        except InputError as error:
            self.problems += [p for p in error.problems if p not in self.problems]
            return None
        if len(lists.bulletins) != 1:
            got = f"{len(lists.bulletins)} in {row.bulletin}"
            right = "bulletins=<that file>, and the bulletin's name here"
            self.problems.append(file.wrong(row, "bulletin", "must be one bulletin", got, right))
            return None
        self._notes += [note for note in lists.notes if note not in self._notes]
        bulletin = lists.bulletins[0]
        self._lists[fold_text(row.bulletin)] = bulletin
        self._used.add(fold_text(row.bulletin))
        return bulletin

    def _build_styles(
        self, product: Product, rows: list[StyleRow], file: StyleRows
    ) -> Iterator[Style]:
        for row in rows:
            own = self._bulletin(row, file)
            sewn = product if own is None else own.apply(product)
            factor = row.numbers.get("smv_factor", 1.0)
            if "smv_min" in row.numbers:
                factor = row.numbers["smv_min"] / sewn.smv_min
            if not FACTOR_LOW <= factor <= FACTOR_HIGH:
                got = f"{factor * sewn.smv_min:g} min, {factor:.3g} times its bulletin's"
                rule = f"must be {FACTOR_LOW:g} to {FACTOR_HIGH:g} times its bulletin's minutes"
                right = f"its bulletin has {sewn.smv_min:.2f} min; or a bulletin of its own"
                self.problems.append(file.wrong(row, "smv_min", rule, got, right))
            of_product: dict[str, Any] = row.of_product
            yield Style(
                style_id=row.style,
                name=row.name or row.style,
                product=replace(sewn, **of_product),
                smv_factor=factor,
                popularity=row.numbers.get("popularity", 0.0 if file.has_popularity else 1.0),
            )

    def replace_bulletins(self, where: str) -> None:
        """Bulletins that bear the name of a product become that product's."""
        owners: dict[str, list[Bulletin]] = {}
        waiting = []
        for key, bulletin in self._lists.items():
            if key in self._used:
                continue
            product = self._words.exact(key) or self._words.exact(_without_fillers(key))
            if product is None:
                waiting.append(bulletin.name)
            else:
                owners.setdefault(product, []).append(bulletin)
        for name, bulletins in owners.items():
            if len(bulletins) > 1:
                got = " and ".join(b.name for b in bulletins)
                rule = f"a product ({name}) must have one bulletin"
                right = "name them in a column bulletin of styles=, one for each style"
                self.problems.append(wrong(where, "bulletin", rule, got, right))
                continue
            self._replace(name, bulletins[0])
        if waiting:
            names = ", ".join(waiting[:8]) + (", ..." if len(waiting) > 8 else "")
            self._notes.append(
                f"bulletins that are no product's: {names}; styles of these names are sewn by them"
            )

    def _replace(self, name: str, bulletin: Bulletin) -> None:
        old = self._house[name]
        new = bulletin.apply(old)
        if is_same_work(old, new):
            self._lists = {k: b for k, b in self._lists.items() if b is not bulletin}
            return
        self._products[name] = new
        self._notes.append(
            f"{name} is sewn by the bulletin {bulletin.name}: {len(new.operations)} operations, "
            f"{new.smv_min:.2f} min, instead of {len(old.operations)} and {old.smv_min:.2f}"
        )

    def build(self, *sources: str) -> OwnWork:
        """All of it."""
        return OwnWork(
            products=tuple(self._products.values()),
            new_products=tuple(self._new),
            styles=tuple(self._styles),
            bulletins=tuple(self._lists.values()),
            like=self._like,
            where=" and ".join(sources),
            notes=tuple(self._notes),
        )


def is_same_work(old: Product, new: Product) -> bool:
    """Are two products sewn alike, whatever the sources of their operations are?"""
    both = zip(old.operations, new.operations, strict=False)
    is_as_long = len(old.operations) == len(new.operations)
    return is_as_long and all(replace(a, mark="") == replace(b, mark="") for a, b in both)


def _without_fillers(name: str) -> str:
    words: Mapping[str, None] = dict.fromkeys(name.replace("_", " ").replace("-", " ").split())
    return " ".join(word for word in words if word not in FILLERS)
