"""What the style cells of an order book mean: known styles, or styles of the user's own.

A style that the catalogue does not know is a style of its own, of the product that the book's
column ``product`` or the style's own words name; it has changeovers of its own. A cell that says
no more than a product ("polo") could mean one style or many: each such order is taken for a style
of its own, because one style for all would make every changeover vanish.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from factory_env.domain.plant import Plant
from factory_env.domain.product import Product, Style
from factory_env.domain.scenario import Library
from factory_env.door.styles.product_words import ProductWords, clean_text, fold_text

PRODUCT_COLUMNS: Final = (
    "product",
    "product_type",
    "garment",
    "garment_type",
    "article_type",
    "item_type",
    "category",
    "produkt",
    "warengruppe",
)
SUGGESTED: Final = 3  # unknown styles that get suggestions; more of them have one cause
SHOWN: Final = 8  # names in a message
_GAPS: Final = re.compile(r"-(?!\d)|(?<!\d)-")  # those between two digits tell numbers apart
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")

Finding = tuple[int, str, str, str, str]  # line, field, rule, what it is, what would be right


@dataclass(slots=True)
class _Faults:
    """Lines with each kind of fault, by what is wrong."""

    unknown: dict[str, list[int]] = field(default_factory=dict)  # style -> lines
    many: dict[str, list[int]] = field(default_factory=dict)
    products: dict[str, list[int]] = field(default_factory=dict)
    nothing: list[int] = field(default_factory=list)
    clashes: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    # (product, bulletin) -> its style, names and lines
    unsewable: dict[tuple[str, str], tuple[Style, dict[str, None], list[int]]] = field(
        default_factory=dict
    )


class BookStyles:
    """Reads the style of row after row; `own` grows with styles that nobody knew."""

    def __init__(self, plant: Plant, library: Library, styles: Sequence[Style]) -> None:
        self.own: dict[str, Style] = {}  # by folded id
        self._plant = plant
        self._styles = {fold_text(s.style_id): s for s in styles}
        self._loose = _index_loosely(self._styles)
        self._alike: dict[str, str] = {}  # as written -> the style that it is but for marks
        self._products = {p.name: p for p in (*(s.product for s in styles), *library.products)}
        self._words = ProductWords(self._products)
        self._bulletins = {fold_text(b.name): b for b in library.bulletins}
        self._sewn = {name for name, p in self._products.items() if plant.lines_for(p)}
        self._faults = _Faults()
        self._said: dict[str, str] = {}  # own style -> product that its words name
        self._told: dict[str, str] = {}  # own style -> product that the column names
        self._bare: dict[str, int] = {}  # product -> orders that say no more
        self._checked: set[str] = set()

    def style(
        self, line: int, order_id: str, style: str | None, product: str | None
    ) -> Style | None:
        """The style of a row, or None if it is wrong; the columns may be missing (None).

        Raises nothing: what is wrong is told by `problems`.
        """
        if style is None and product is None:  # the column is missing, and reported
            return None
        name, word = clean_text(style or ""), clean_text(product or "")
        if not name and not word:
            self._faults.nothing.append(line)
            return None
        key = fold_text(name)
        known = self._styles.get(key) or self.own.get(key)
        if known is None and name and (known := self._loose.get(_drop_marks(key))) is not None:
            self._alike[name] = known.style_id
        given = self._product(word) if word else None
        if word and given is None:
            self._faults.products.setdefault(word, []).append(line)
            return known
        if known is None:
            known = self._new_style(line, order_id, name, given)
        elif given is not None and given != known.product.name:
            clash = (known.style_id, known.product.name, given)
            self._faults.clashes.setdefault(clash, []).append(line)
        if known is not None:
            self._check_sewn(line, name or word, known)
        return known

    def _product(self, word: str) -> str | None:
        """The product that a cell of the column means."""
        exact = self._words.exact(word)
        if exact is not None:
            return exact
        named = self._words.find(word)
        return named[0] if len(named) == 1 else None

    def _new_style(self, line: int, order_id: str, name: str, given: str | None) -> Style | None:
        bare = self._words.exact(name) if name else given
        if bare is not None and (given is None or bare == given):
            self._bare[bare] = self._bare.get(bare, 0) + 1
            return self._add(f"{name or given} ({order_id})", order_id, bare)
        if given is not None:
            self._told[name] = given
            return self._add(name, name, given)
        named = self._words.find(name)
        if len(named) == 1:
            self._said[name] = named[0]
            return self._add(name, name, named[0])
        faults = self._faults.many if named else self._faults.unknown
        faults.setdefault(name, []).append(line)
        return None

    def _add(self, style_id: str, bulletin: str, product: str) -> Style:
        """A style of its own; a bulletin of its name is what it is sewn by."""
        sewn = self._products[product]
        own = self._bulletins.get(fold_text(bulletin))
        style = Style(
            style_id=style_id,
            name=style_id,
            product=sewn if own is None else own.apply(sewn),
            smv_factor=1.0,
            popularity=0.0,  # it is ordered by this book alone
        )
        key = fold_text(style_id)
        while key in self.own or key in self._styles:  # two order ids that differ by case
            key += " "
        self.own[key] = style
        return style

    def _check_sewn(self, line: int, name: str, style: Style) -> None:
        product = style.product
        if product.has_own_bulletin or product.name not in self._products:
            is_sewn = style.style_id in self._checked or bool(self._plant.lines_for(product))
            if is_sewn:
                self._checked.add(style.style_id)
        else:
            is_sewn = product.name in self._sewn
        if not is_sewn:
            key = (product.name, product.bulletin)
            _, names, lines = self._faults.unsewable.setdefault(key, (style, {}, []))
            names[name] = None
            lines.append(line)

    def notes(self) -> tuple[str, ...]:
        """What was taken for what."""
        notes = []
        if self._bare:
            orders = sum(self._bare.values())
            given = ", ".join(f"{name} {count}" for name, count in self._bare.items())
            one = "1 order gives" if orders == 1 else f"{orders} orders give"
            notes.append(
                f"{one} a product instead of a style ({given}): each is taken for a style of its "
                "own, with changeovers of its own; write a style per order (orders of one style "
                "share its name, e.g. polo-4711), or name them in styles=my_styles.csv"
            )
        for source, styles in (
            ("by the words of their names", self._said),
            ("by the column product", self._told),
        ):
            if styles:
                pairs = _list_names(f"{s} ({p})" for s, p in styles.items())
                notes.append(
                    f"{_count(styles, 'style')} not in the catalogue: each is a style of its own, "
                    f"of the product {source}: {pairs}"
                )
        notes += _note_alike(self._alike)
        if near := _find_near((*self._said, *self._told), self._styles):
            notes.append(f"a slip of the pen? {_list_names(f'{s}: {k}' for s, k in near)}")
        return tuple(notes)

    def problems(self) -> Iterator[Finding]:
        """One report per cause, however many rows have it."""
        faults, products = self._faults, ", ".join(sorted(self._products))
        if faults.nothing:
            lines = faults.nothing
            yield (
                lines[0],
                "style",
                "must be given",
                f"nothing{_also(lines)}",
                f"a style, or its product: {products}",
            )
        yield from self._unknown_styles(products)
        for name, lines in faults.many.items():
            named = " and ".join(self._words.find(name))
            yield (
                lines[0],
                "style",
                "must name one product",
                f"{name!r}, which names {named}{_also(lines)}",
                f"a column product with one of {products}",
            )
        for word, lines in faults.products.items():
            near = difflib.get_close_matches(word.casefold(), self._products, n=2)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            right = f"{hint}one of {products}; a new product comes with styles=my_styles.csv"
            yield lines[0], "product", "must be a known product", f"{word!r}{_also(lines)}", right
        for (style, product, given), lines in faults.clashes.items():
            got = f"{given} for {style}{_also(lines)}"
            right = f"{product}, or another name for the style"
            yield lines[0], "product", f"must be that of the style, a {product}", got, right
        yield from self._unsewable_styles()

    def _unknown_styles(self, products: str) -> Iterator[Finding]:
        """Few unknown names are slips, each with a suggestion; many are names of another house."""
        unknown = self._faults.unknown
        rule = "must be a known style or name its product"
        right = f"a column product ({products}), or styles=my_styles.csv"
        if len(unknown) > SUGGESTED:
            first = min(lines[0] for lines in unknown.values())
            rows = sum(map(len, unknown.values()))
            got = f"{len(unknown)} unknown names in {rows} rows: {_list_names(map(repr, unknown))}"
            yield first, "style", rule, got, right
            return
        names = {key: s.style_id for key, s in self._styles.items()} | {
            p: p for p in self._products
        }
        for name, lines in unknown.items():
            near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.7)
            near = sorted(near, key=lambda word: word not in self._products)
            near = [names[word] for word in near]
            hint = f"did you mean {' or '.join(near)}? or " if near else ""
            yield lines[0], "style", rule, f"{name!r}{_also(lines)}", hint + right

    def _unsewable_styles(self) -> Iterator[Finding]:
        sewn = ", ".join(sorted(self._sewn))
        for style, names, lines in self._faults.unsewable.values():
            got = f"{_list_names(map(repr, names))} (a {style.product.name}){_also(lines)}"
            why = ""
            if style.product.name in self._sewn:  # but not by its own bulletin
                why = f"; {why_not_sewn(self._plant, style.product)}"
            yield (
                lines[0],
                "style",
                f"a line of plant {self._plant.name} must be able to sew it",
                got + why,
                f"sewn here: {sewn or 'nothing'}; or take another plant",
            )


def why_not_sewn(plant: Plant, product: Product) -> str:
    """Why each line of the product's fabric group cannot sew it."""
    group = [line for line in plant.lines if line.fabric_group == product.fabric_group]
    if not group:
        return f"no line sews {product.fabric_group}"
    return "; ".join(f"line {line.name} {line.why_not(product)}" for line in group)


def _drop_marks(key: str) -> str:
    """A folded name in which blanks, dashes and underscores do not count."""
    return _GAPS.sub("", re.sub(r"[\s_\-]+", "-", key))


def _find_near(own: Iterable[str], styles: Mapping[str, Style]) -> list[tuple[str, str]]:
    """Own styles that are a known one but for a nought, and that one."""
    known = {_ZEROS.sub("", key): s.style_id for key, s in styles.items()}
    pairs = ((name, known.get(_ZEROS.sub("", fold_text(name)))) for name in own)
    return [(name, style) for name, style in pairs if style is not None]


def _index_loosely(styles: Mapping[str, Style]) -> dict[str, Style]:
    """Styles by their names without marks, where that says which one."""
    loose = [_drop_marks(key) for key in styles]
    pairs = zip(loose, styles.values(), strict=True)
    return {mark: style for mark, style in pairs if loose.count(mark) == 1}


def _note_alike(alike: Mapping[str, str]) -> list[str]:
    pairs = _list_names(f"{name!r} is {style}" for name, style in alike.items())
    return [f"blanks, dashes and underscores do not count: {pairs}"] if alike else []


def _count(things: Sequence[object] | dict[str, str], noun: str) -> str:
    return f"1 {noun} is" if len(things) == 1 else f"{len(things)} {noun}s are"


def _list_names(items: Iterable[str]) -> str:
    words = list(items)
    return ", ".join(words[:SHOWN]) + (", ..." if len(words) > SHOWN else "")


def _also(lines: list[int]) -> str:
    """Further lines with the same problem."""
    if len(lines) == 1:
        return ""
    shown = ", ".join(map(str, lines[1:6])) + (", ..." if len(lines) > 6 else "")
    return f" (also in {'lines' if len(lines) > 2 else 'line'} {shown})"
