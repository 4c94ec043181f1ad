"""Many factories as one Gymnasium ``VectorEnv``, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from factory_env.envs.vector.crew import hire
from factory_env.envs.vector.infos import Infos, join_infos
from factory_env.envs.vector.worker import Maker

MASK: Final = "mask"  # of an observation
ACTION_MASK: Final = "action_mask"  # of the infos
# observations, rewards, terminations, truncations, infos
Returned = tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], Infos]


class FactoryVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Steps many environments at once; resets, infos and autoreset as in ``SyncVectorEnv``.

    ``gymnasium.make_vec(id, num_envs=8, workers=2)`` makes one. Environments with equal scenarios
    balance their lines once per process. Observations are written straight into arrays that the
    processes share; what is returned is a copy, unless ``copy=False``: then the next step
    overwrites it. Where an observation has a ``mask``, it is also in ``infos["action_mask"]``:
    shape (num_envs, number of actions), all true where a run is over.

    A step in halves: `send` gives one worker its actions and returns at once, `recv` waits for
    what became of them, so that a learner thinks about one worker's observations while the others
    step. ``worker_rows[w]`` are the environments of worker ``w``.

    Parameters
    ----------
    makers
        One per environment; picklable (a module's function, `functools.partial`, a dataclass)
        where ``workers`` is above 0.
    workers
        Processes that step the environments; 0 = all in this one. They end with this process,
        however it ends. A script that asks for them needs ``if __name__ == "__main__":``.
    autoreset_mode
        ``NextStep`` (Gymnasium's default), ``SameStep`` or ``Disabled``.

    Raises
    ------
    ValueError
        If there are no environments.
    InputError
        If ``workers`` is no whole number from 0 to the number of environments.
    """

    def __init__(
        self,
        makers: Sequence[Maker],
        workers: int = 0,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
    ) -> None:
        super().__init__()
        self.num_envs = len(makers)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.copy = copy
        self.crew = hire(makers, workers, self.autoreset_mode)
        observed, acted, metadata, self.render_mode = self.crew.description
        self.single_observation_space, self.single_action_space = observed, acted
        self.observation_space = batch_space(observed, self.num_envs)
        self.action_space = batch_space(acted, self.num_envs)
        self.metadata = {**metadata, "autoreset_mode": self.autoreset_mode}

    @property
    def worker_rows(self) -> tuple[slice, ...]:
        """Which environments each worker steps."""
        return self.crew.rows

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, Infos]:
        """Start every run; a whole number gives the i-th environment ``seed + i``.

        ``options["reset_mask"]``, bool of shape (num_envs,), restarts only the environments that
        it names; all other options go to every environment.
        """
        seeds = self._spread(seed)
        chosen, options = split_reset_mask(options, self.num_envs)
        answers = self.crew.ask_all(
            "reset batched",
            (
                (seeds[rows], options, None if chosen is None else chosen[rows])
                for rows in self.worker_rows
            ),
        )
        every = slice(0, self.num_envs)
        return self.crew.batch.observe(self.copy), self._with_masks(every, self._join(answers))

    def step(self, actions: Any) -> Returned:
        """A step of every environment; actions as in ``action_space``."""
        parts = ((actions[rows],) for rows in self.worker_rows)
        infos = self._join(self.crew.ask_all("step batched", parts))
        return self._give_back(slice(0, self.num_envs), infos)

    def send(self, actions: Any, worker: int = 0) -> None:
        """Let one worker step its environments; ``actions`` has a row for each of them."""
        self.crew.ask(worker, "step batched", actions)

    def recv(self, worker: int = 0) -> Returned:
        """What became of the actions last sent; all arrays have a row per environment of it."""
        infos = self.crew.answer(worker)
        return self._give_back(self.worker_rows[worker], infos)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """What a method of every environment gives, or an attribute's value."""
        answers = self.crew.ask_all("call", ((name, args, kwargs) for _ in self.worker_rows))
        return tuple(value for values in answers for value in values)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment: one value for all, or a list with one each."""
        if not isinstance(values, list | tuple):
            values = [values] * self.num_envs
        if len(values) != self.num_envs:
            raise ValueError(f"one value for each of {self.num_envs} wanted, got {len(values)}")
        self.crew.ask_all("set_attr", ((name, values[rows]) for rows in self.worker_rows))

    def render(self) -> tuple[Any, ...]:
        """A picture of every factory, if they have a render mode."""
        answers = self.crew.ask_all("render", (() for _ in self.worker_rows))
        return tuple(picture for pictures in answers for picture in pictures)

    def run(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """``function(group, *arguments)`` beside the environments of every worker; what each gave.

        ``group.envs`` are the worker's environments; the function must be one of a module.
        """
        return self.crew.run(function, (arguments for _ in self.worker_rows))

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments and end the workers."""
        self.crew.close()

    def _spread(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + i for i in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(f"one seed for each of {self.num_envs} wanted, got {len(seed)}")
        return list(seed)

    def _join(self, answers: Sequence[Infos]) -> Infos:
        if len(answers) == 1:
            return answers[0]
        return join_infos(list(zip(self.worker_rows, answers, strict=True)), self.num_envs)

    def _give_back(self, rows: slice, infos: Infos) -> Returned:
        batch = self.crew.batch.rows(rows)
        ends = batch.terminations.copy(), batch.truncations.copy()
        infos = self._with_masks(rows, infos)
        return batch.observe(self.copy), batch.rewards.copy(), *ends, infos

    def _with_masks(self, rows: slice, infos: Infos) -> Infos:
        mask = self.crew.batch.observations.get(MASK)
        if mask is not None and ACTION_MASK not in infos:
            legal = mask[rows].astype(np.bool_)
            legal[~legal.any(axis=1)] = True
            infos[ACTION_MASK] = legal
            infos[f"_{ACTION_MASK}"] = np.ones(len(legal), dtype=np.bool_)
        return infos


def split_reset_mask(
    options: dict[str, Any] | None, n: int
) -> tuple[NDArray[np.bool_] | None, dict[str, Any] | None]:
    """Which of ``n`` environments are reset (None = all), and the options of the environments.

    Raises
    ------
    ValueError
        If the mask is no bool array of shape (n,), or names no environment.
    """
    if options is None or "reset_mask" not in options:
        return None, options
    mask = options["reset_mask"]
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (n,):
        raise ValueError(
            f"options['reset_mask'] must be a bool array of shape ({n},), got {mask!r}"
        )
    if not mask.any():
        raise ValueError("options['reset_mask'] must name at least one environment")
    return mask, {name: value for name, value in options.items() if name != "reset_mask"}
