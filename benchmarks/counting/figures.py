"""Every figure of the house: what it means, how far it may go, and where its cases stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.counting import arrows, doors, plugs, sizes, words
from benchmarks.counting.source import House, Place


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the house."""

    meaning: str
    most: int
    places: Callable[[House], list[Place]]


def sim_entries(house: House) -> list[Place]:
    """What lies directly inside the simulation's folder."""
    return house.entries("factory_env/sim")


def experiments_entries(house: House) -> list[Place]:
    """What lies directly inside the folder of the commands."""
    return house.entries("experiments")


FIGURES: Mapping[str, Figure] = {
    "circles": Figure("circles of files, every import counted", 0, arrows.circles),
    "sim_entries": Figure("files and folders directly inside sim", 14, sim_entries),
    # the commands search, record and export came with the environment in which learning is real,
    # compare and what it is made of with the studies, whatif, promise, why, new_plant with futures
    "experiments_entries": Figure("the same of experiments", 38, experiments_entries),
    "factory_arguments": Figure("parameters of type Factory", 4, doors.factory_arguments),
    "reaches": Figure(".world, .floor, .planner read outside sim", 0, doors.reaches),
    "config_arguments": Figure("parameters of type DictConfig", 20, doors.config_arguments),
    "fmt_skips": Figure("lines kept from the formatter", 60, sizes.fmt_skips),
    "private_reads_in_tests": Figure("private names in tests", 5, doors.private_reads_in_tests),
    "question_kinds_in_ask": Figure(
        "kinds of question named where all are served", 0, plugs.question_kinds_in_ask
    ),
    "wash_elsewhere": Figure("files of sim that know of washing", 0, plugs.wash_elsewhere),
    "long_classes": Figure("classes over 200 lines", 0, sizes.long_classes),
    "wide_constructors": Figure("constructors over 7 parameters", 0, sizes.wide_constructors),
    "long_mains": Figure("commands over 60 lines", 0, sizes.long_mains),
    "long_bodies": Figure("functions over 40 lines", 1, sizes.long_bodies),
    "strangers_in_registries": Figure(
        "files without a plug in folders of plugs", 0, plugs.strangers_in_registries
    ),
    "borrowed_from_tests": Figure(
        "mocks, tests and missing packages in the product", 0, words.borrowed_from_tests
    ),
    # old names: a file that is touched loses some, so these three only ever become smaller
    "participle_names": Figure("functions called by a participle", 130, words.participle_names),
    "preposition_names": Figure("functions ending in a preposition", 79, words.preposition_names),
    "found_values": Figure("uses of a value called found", 1252, words.found_values),
}


def count(house: House) -> dict[str, int]:
    """All figures."""
    return {key: len(figure.places(house)) for key, figure in FIGURES.items()}
