"""Several policies as one: each role of the house has its own."""

from __future__ import annotations

from typing import Any

from factory_env import decisions
from factory_env.catalogue import load_plugs
from factory_env.decision import Question, ask
from factory_env.errors import InputError, Problem, wrong


class Team:
    """A policy a role. A question says whose it is; what nobody is there for the house answers.

    Parameters
    ----------
    members
        Policies by role: ``lines`` the floor, ``site`` its energy, and whatever roles the kinds of
        question in `factory_env.decisions` have.

    >>> from agents.rules.edd import Edd
    >>> policy = Team(lines=Edd(), site=my_site_policy)           # doctest: +SKIP

    Raises
    ------
    InputError
        If nothing asks for such a role, or a member can answer nothing that its role is asked.
    """

    def __init__(self, **members: object) -> None:
        problems = [p for role, member in members.items() if (p := _problem(role, member))]
        if problems:
            raise InputError(problems)
        self._members = members

    def member(self, role: str) -> object | None:
        """Who has the role; None = the house's rules."""
        return self._members.get(role)

    def answer(self, question: Question) -> Any:
        """What the member whose role it is answers, or the house's rule."""
        return ask(self.member(question.role), question)


def _problem(role: str, member: object) -> Problem | None:
    """Why ``member`` can not have the role."""
    kinds = load_plugs(decisions).values()
    doors = sorted({kind.asks for kind in kinds if kind.role == role} | {"answer"})
    if len(doors) == 1:
        roles = ", ".join(sorted({kind.role for kind in kinds}))
        rule = "must be a role that is asked something"
        return wrong("team", role, rule, repr(role), f"one of {roles}")
    if not any(callable(getattr(member, door, None)) for door in doors):
        rule = "must be a policy that answers what its role is asked"
        return wrong("team", role, rule, repr(member), f"an object with {' or '.join(doors)}")
    return None
