"""Asks every other day what is bought; cloth arrives at once and is eaten by nobody."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from factory_env.decisions.purchase_choice import PurchaseAnswer, PurchaseChoice
from simpy.events import Event

from factory_env.sim.kernel.desk import Desk
from factory_env.sim.questions import Rooms
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY

EVERY_DAYS = 2


class Store:
    """Two articles and what is left of them."""

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self._desk = desk
        self._stock_m = np.zeros(2)

    def process(self) -> Generator[Event, None, None]:
        """SimPy process."""
        while True:
            yield self._world.env.timeout(EVERY_DAYS * MIN_PER_DAY)
            self._desk.request(self)

    def question(self, serial: int) -> PurchaseChoice:
        now_min, stock_m = float(self._world.env.now), self._stock_m.copy()
        return PurchaseChoice(serial=serial, now_min=now_min, asker=0, stock_m=stock_m)

    def answer(self, choice: PurchaseChoice, answer: PurchaseAnswer) -> None:
        self._stock_m = self._stock_m + answer.metres
        amount = float(self._stock_m.sum())
        self._world.recorder.event("bought", choice.now_min, amount=amount)


def begin(rooms: Rooms, desk: Desk) -> None:
    """The store opens."""
    rooms.world.env.process(Store(rooms.world, desk).process())


PLUG = begin
