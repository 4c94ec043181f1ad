"""Reads the house's own data files: bulletins, products, learning classes, defects, styles."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from factory_env.domain.learning import LearningClass
from factory_env.domain.product import Operation, Product
from factory_env.domain.quality import DefectKind
from factory_env.domain.scenario import Library
from factory_env.domain.site import MachinePower

DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one of the house's CSV files, by its name below ``data/``; do not change them."""
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def load_library() -> Library:
    """All reference tables, frozen."""
    return Library(
        products=tuple(_product(row) for row in rows("products.csv")),
        learning_classes=tuple(
            LearningClass(
                name=r["learning_class"],
                e_0=float(r["e_0"]),
                e_max=float(r["e_max"]),
                tau_days=float(r["tau_days"]),
            )
            for r in rows("learning_classes.csv")
        ),
        defects=tuple(
            DefectKind(
                name=r["defect"],
                share=float(r["share"]),
                repairable=float(r["repairable"]),
                repair_op_smv_factor=float(r["repair_op_smv_factor"]),
                repair_fixed_min=float(r["repair_fixed_min"]),
            )
            for r in rows("defects.csv")
        ),
    )


def machine_codes() -> tuple[str, ...]:
    """Known codes of machines that stand in lines."""
    return tuple(r["machine"] for r in rows("machines.csv") if r["place"] == "line")


@cache
def machine_powers() -> tuple[MachinePower, ...]:
    """Electric power of every machine type, in lines and in rooms."""
    return tuple(
        MachinePower(
            machine=r["machine"],
            rated_kw=float(r["rated_kw"]),
            run_kw=float(r["run_kw"]),
            idle_kw=float(r["idle_kw"]),
            standby_kw=float(r["standby_kw"]),
            start_min=float(r["start_min"]),
        )
        for r in rows("machines.csv")
    )


def _product(row: dict[str, str]) -> Product:
    name = row["product"]
    operations = tuple(
        Operation(
            name=r["operation"],
            machine=r["machine"],
            smv_min=float(r["smv_min"]),
            grade=r["grade"],
            mark=r["mark"],
        )
        for r in rows(f"bulletins/{name}.csv")
    )
    minutes: dict[str, Any] = {k: float(row[k]) for k in row if k.endswith(("_min", "_usd", "_kg"))}
    return Product(
        name=name,
        fabric_group=row["fabric_group"],
        learning_class=row["learning_class"],
        operations=operations,
        **minutes,
    )
