"""All that will change is put down before the first minute."""

from __future__ import annotations

from factory_env import Factory
from factory_env.catalogue import load_plugs
from factory_env.domain.changes import Change, LineSpeed, OtherPolicy
from factory_env.sim.days import changes as kinds

DAY = 1440.0


def test_every_kind_has_a_cause_but_the_one_of_whoever_plays() -> None:
    causes = {cause.kind for cause in load_plugs(kinds).values()}
    assert set(Change.__args__) - causes == {OtherPolicy}


def test_of_one_minute_they_happen_in_the_order_given(short, short_tables) -> None:
    first, second = (line.name for line in short.plant.lines[:2])
    for names in ((first, second), (second, first)):
        changes = [LineSpeed(from_min=DAY, line=name, factor=0.5) for name in names]
        run = Factory(short, 1, tables=short_tables, changes=changes)
        while (question := run.advance()) is not None and question.now_min < 2 * DAY:
            run.answer(question.usual())
        lines = [short.plant.lines[k].name for k in run.log().tables["events"]["line"][:2]]
        assert tuple(lines) == names
