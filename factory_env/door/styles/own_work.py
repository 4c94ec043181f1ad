"""A user's own styles, products and bulletins, laid over the house's library and a plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from factory_env.domain.plant import LineSpec, Plant
from factory_env.domain.product import Bulletin, Product, Style
from factory_env.domain.scenario import Library, Scenario
from factory_env.door.styles.book_styles import why_not_sewn
from factory_env.errors import Problem, wrong
from factory_env.library import load_library


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """What a user makes that the house does not know."""

    products: tuple[Product, ...] = ()  # new ones, and those sewn by another bulletin
    new_products: tuple[str, ...] = ()  # names among them that the house does not know
    styles: tuple[Style, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    like: Mapping[str, str] = field(default_factory=dict)  # new product -> one sewn as well
    # new product -> line -> factor on efficiency; lines not named go by ``like``
    skills: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    where: str = "styles"  # to name in messages
    notes: tuple[str, ...] = ()

    def extend_library(self, library: Library) -> Library:
        """The library with these products in place of those of the same name, and behind them."""
        own = {product.name: product for product in self.products}
        known = tuple(own.pop(p.name, p) for p in library.products)
        return replace(
            library,
            products=(*known, *own.values()),
            styles=self.styles,
            new_products=self.new_products,
            bulletins=self.bulletins,
        )

    def extend_skills(self, plant: Plant) -> Plant:
        """The plant with a skill for every new product, where its lines do not name one."""
        if not self.new_products:
            return plant
        return replace(plant, lines=tuple(map(self._extend_line, plant.lines)))

    def place(self, plant: Plant | None, library: Library) -> dict[str, Plant | Library | None]:
        """Plant and library of a scenario that has all this; no plant = one with errors."""
        skilled = None if plant is None else self.extend_skills(plant)
        return {"plant": skilled, "library": self.extend_library(library)}

    def _extend_line(self, line: LineSpec) -> LineSpec:
        skills = dict(line.skills)
        for product in self.products:
            if product.name not in self.new_products or product.fabric_group != line.fabric_group:
                continue
            named = self.skills.get(product.name, {}).get(line.name)
            skill = self._lend_skill(line, product.name) if named is None else named
            if skill is not None:
                skills.setdefault(product.name, skill)
        return replace(line, skills=skills)

    def _lend_skill(self, line: LineSpec, name: str) -> float | None:
        """The skill of the product that it is like; without one, the line's lowest."""
        if name in self.like:
            return line.skills.get(self.like[name])
        return min(line.skills.values(), default=None)

    def sewing_notes(self, scenario: Scenario) -> Iterator[str]:
        """Styles that no line of the plant can sew."""
        idle = [s for s in self.styles if not scenario.plant.lines_for(s.product)]
        if idle and len(idle) < len(self.styles):
            why = why_not_sewn(scenario.plant, idle[0].product)
            yield (
                f"no line of plant {scenario.plant.name} can sew {len(idle)} of the "
                f"{len(self.styles)} styles of {self.where}, {idle[0].style_id} for one ({why}): "
                "orders for them are refused"
            )

    def sewing_problems(self, scenario: Scenario) -> Iterator[Problem]:
        """That no line of the plant can sew any of the styles."""
        plant = scenario.plant
        if not self.styles or any(plant.lines_for(style.product) for style in self.styles):
            return
        style = self.styles[0]
        yield wrong(
            self.where,
            "style",
            f"a line of plant {plant.name} must be able to sew one of them",
            f"{style.style_id} (a {style.product.name}): {why_not_sewn(plant, style.product)}",
            "give a line the machines and the skill, or take another plant",
        )


def collect_own_work(scenario: Scenario) -> OwnWork:
    """What of a scenario's work is its user's own, to lay it over the same plant again."""
    library, house = scenario.library, load_library()
    names = library.new_products
    skills = {
        name: {s.name: s.skills[name] for s in scenario.plant.lines if name in s.skills}
        for name in names
    }
    return OwnWork(
        products=tuple(p for p in library.products if p not in house.products),
        new_products=names,
        styles=library.styles,
        skills=skills,
    )
