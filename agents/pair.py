"""The name under which a team of two could be had before there were teams of any size."""

from __future__ import annotations

from agents.team import Team


class Pair(Team):
    """``Pair(lines, site)`` is ``Team(lines=lines, site=site)``; it goes with the next release."""

    def __init__(self, lines: object, site: object) -> None:
        super().__init__(lines=lines, site=site)
