"""The answers of a logged run, from which it can be lived again."""

from __future__ import annotations

from itertools import count, takewhile

from factory_env import decisions
from factory_env.catalogue import load_plugs
from factory_env.decision import ReadsItsAnswers
from factory_env.domain.answers import AnswerRow, rows_in
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario


def logged_answers(log: RunLog, scenario: Scenario) -> list[AnswerRow]:
    """The answers of a run, one row each, in the order of asking.

    A kind of question whose answers stand in a table with another purpose, as those about the site
    do in the table of slots, reads them itself. They end before the first question that is in no
    table: a slot in which the run ended is not in the log.

    Parameters
    ----------
    scenario
        Of the run.
    """
    by_serial = {row.serial: row for row in rows_in(log)}
    for kind in load_plugs(decisions).values():
        if isinstance(kind, ReadsItsAnswers):
            known = frozenset(by_serial)
            others = (serial for serial in count() if serial not in known)
            by_serial |= {row.serial: row for row in kind.logged(log, scenario, others)}
    return [by_serial[serial] for serial in takewhile(by_serial.__contains__, count())]
