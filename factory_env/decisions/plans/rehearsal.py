"""What a policy may try before it answers: the rest of the run, with luck that is drawn anew."""

from __future__ import annotations

from typing import Any, Protocol


class Rehearse(Protocol):
    """Plays on in a copy of the run, as long as the question is pending; the run is not touched."""

    def __call__(
        self, answer: int, policy: Any, *, fresh_seed: int, until_min: float = float("inf")
    ) -> float:
        """Cost from now on if ``answer`` is given and ``policy`` answers what comes [USD].

        Everything still to come is drawn from ``fresh_seed``: luck, and orders that nobody has
        heard of. Equal seeds give equal luck to every answer. So it tells what to expect of an
        answer, and nothing of the luck of this run.

        Parameters
        ----------
        until_min
            Wall minute at which is reckoned up: then the cost to go is added of what is in the
            house, as a rule would schedule it.
        """
        ...
