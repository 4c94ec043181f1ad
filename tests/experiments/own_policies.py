"""Policies as a user might write them, good and broken, for a file of their own."""

from __future__ import annotations

from pathlib import Path

SOURCE = '''\
"""Policies of a user."""

import os
import time

import numpy as np


class Cheapest:
    """Takes the order that adds least; alpha weighs lateness."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha
        self.answers = 0  # of one run

    def choose(self, decision):
        table = decision.table
        extra = table.loss_usd - table.least_loss_usd
        self.answers += 1
        return int(np.argmin(extra - self.alpha * table.late_day_usd)) + 1


class FirstOfRun(Cheapest):
    """Remembers how often it was asked: it differs if two runs share one object."""

    def choose(self, decision):
        self.answers += 1
        return 1 if self.answers < 20 else super().choose(decision)


class Raises:
    def choose(self, decision):
        if decision.serial > 2:
            raise ValueError("lost my way")
        return 1


class Hangs:
    def choose(self, decision):
        while True:
            time.sleep(0.01)


class NotANumber:
    def choose(self, decision):
        return float("nan")


class OutOfRange:
    def choose(self, decision):
        return len(decision.table) + 7


class Dies:
    def choose(self, decision):
        os._exit(3)


class Leaves:
    def choose(self, decision):
        raise SystemExit(0)


class OutOfMemory:
    def choose(self, decision):
        raise MemoryError


class Mute:
    pass


class Needy:
    def __init__(self, alpha):
        self.alpha = alpha

    def choose(self, decision):
        return 1


class Stillborn(Needy):
    def __init__(self):
        raise RuntimeError("no licence")


class Unready(Needy):
    def __init__(self):
        while True:
            time.sleep(0.01)


class Site:
    """Runs the site as the house does."""

    def run_site(self, choice):
        return choice.usual()


class BrokenSite:
    def run_site(self, choice):
        raise RuntimeError("no weather")


class Both(Cheapest, Site):
    pass


def first(decision):
    return 1


def make(alpha=0.5):
    return Cheapest(alpha)


ready = Cheapest(0.5)
'''


def write_policies(folder: Path, name: str = "mine.py") -> Path:
    """The file, in a folder."""
    path = folder / name
    path.write_text(SOURCE)
    return path
