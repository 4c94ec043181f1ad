"""Who steps a share of the environments: a process of its own, or this one."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Protocol

from gymnasium.vector import AutoresetMode

from factory_env.envs.vector.group import Env, Group
from factory_env.envs.vector.infos import batch_infos
from factory_env.envs.vector.layout import Layout, map_file
from factory_env.processes import end_with_parent, spare_collector

Maker = Callable[[], Env]
END_S: Final = 5.0  # a worker has this long to end by itself


class Worker(Protocol):
    """Steps a share of the environments: it is asked, and later has the answer."""

    rows: slice  # which environments these are among all

    def send(self, request: str, *arguments: Any) -> None:
        """Ask for something."""

    def receive(self) -> Any:
        """The answer; what was raised in working it out is raised here."""

    def close(self) -> None:
        """Close the environments."""


def answer(group: Group, request: str, arguments: Sequence[Any]) -> Any:
    """What a group answers; infos are batched where the request asks for them so."""
    name, _, form = request.partition(" ")
    reply = getattr(group, name)(*arguments)
    return batch_infos(reply) if form == "batched" else reply


class Here:
    """The environments of this process; they move when the answer is wanted."""

    def __init__(self, group: Group) -> None:
        self.rows = slice(0, len(group.envs))
        self._group = group
        self._asked: tuple[str, Sequence[Any]] = ("", ())

    def send(self, request: str, *arguments: Any) -> None:
        self._asked = (request, arguments)

    def receive(self) -> Any:
        return answer(self._group, *self._asked)

    def close(self) -> None:
        self._group.close()


class Process:
    """The environments of another process, which ends with this one.

    Parameters
    ----------
    makers
        One per environment; must be picklable.
    """

    def __init__(self, makers: Sequence[Maker], rows: slice, autoreset: AutoresetMode) -> None:
        context = get_context("spawn")
        self.rows = rows
        self.pipe, there = context.Pipe()  # readable once the answer is there
        self._process = context.Process(
            target=_serve, args=(there, list(makers), rows, autoreset), daemon=True
        )
        self._process.start()
        there.close()

    def send(self, request: str, *arguments: Any) -> None:
        """Ask for something.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        try:
            self.pipe.send((request, arguments))
        except ConnectionError:
            raise self._death() from None

    def receive(self) -> Any:
        """The answer.

        Raises
        ------
        RuntimeError
            If the process has ended.
        Exception
            What was raised there, with its traceback there as a note.
        """
        try:
            is_good, reply = self.pipe.recv()
        except (EOFError, ConnectionError):
            raise self._death() from None
        if is_good:
            return reply
        raise reply

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):  # it is gone already, which is what closing wants
            self.pipe.send(("close", ()))
        self._process.join(timeout=END_S)
        if self._process.is_alive():
            self._process.terminate()
        self.pipe.close()

    def _death(self) -> RuntimeError:
        self._process.join(timeout=END_S)
        first, last = self.rows.start, self.rows.stop - 1
        return RuntimeError(
            f"the process of environments {first} to {last} has ended, exit code "
            f"{self._process.exitcode}; what it wrote to stderr may say why"
        )


def _serve(pipe: Connection, makers: list[Maker], rows: slice, autoreset: AutoresetMode) -> None:
    """Make the environments, then answer until nobody asks any more."""
    end_with_parent()
    try:
        group = _open(pipe, makers, rows, autoreset)
        spare_collector()
        while group is not None:
            request, arguments = pipe.recv()
            if request == "close":
                group.close()
                return
            _reply(pipe, rows, partial(answer, group, request, arguments))
    except (EOFError, KeyboardInterrupt):
        return  # whoever asks is gone or stopping; it saves what there is to save


def _open(
    pipe: Connection, makers: list[Maker], rows: slice, autoreset: AutoresetMode
) -> Group | None:
    """The group, once its spaces are told and its part of the arrays is known."""
    envs: list[Env] = []

    def make() -> tuple[Any, ...]:
        envs.extend(maker() for maker in makers)
        return describe(envs)

    if not _reply(pipe, rows, make):
        return None
    path, n = pipe.recv()
    batch = Layout(envs[0].observation_space, n).batch(map_file(Path(path))).rows(rows)
    group = Group(envs, batch, autoreset)
    _reply(pipe, rows, lambda: None)
    return group


def describe(envs: Sequence[Env]) -> tuple[Any, ...]:
    """Observation space, action space, metadata and render mode, which all of them share.

    Raises
    ------
    ValueError
        If their spaces differ.
    """
    first = envs[0]
    for env in envs[1:]:
        if (env.observation_space, env.action_space) != (
            first.observation_space,
            first.action_space,
        ):
            raise ValueError("all environments of a VectorEnv must have the same spaces")
    return first.observation_space, first.action_space, dict(first.metadata), first.render_mode


def _reply(pipe: Connection, rows: slice, work: Callable[[], Any]) -> bool:
    """Send what ``work`` gives, or what it raises; did it give something?"""
    try:
        pipe.send((True, work()))
    except Exception as error:
        pipe.send((False, _portable(error, rows)))
        return False
    return True


def _portable(error: Exception, rows: slice) -> Exception:
    """The error with its traceback as a note; as a `RuntimeError` if it cannot be pickled."""
    note = f"in the process of environments {rows.start} to {rows.stop - 1}:\n"
    text = note + "".join(traceback.format_exception(error))
    copy: Exception
    try:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
    except Exception:
        copy = RuntimeError(f"{type(error).__name__}: {error}")
    copy.add_note(text)
    return copy  # notes travel with it
