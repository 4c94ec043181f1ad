"""A policy that is not ours, watched: what it raises, answers illegally or never ends is named."""

from __future__ import annotations

import copy
import signal
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from factory_env.decision import Question, ask
from factory_env.errors import IllegalAnswer, PolicyFailure

RAISED, ILLEGAL, HUNG = "raised", "answered illegally", "took too long"
_OURS: Final = Path(__file__).resolve()
_MAIN: Final = threading.main_thread()
LOAD_S: Final = 120.0  # for loading or making a policy, where nothing else is said
_AGAIN_S: Final = 1.0  # a policy that swallows the alarm gets the next one


class _Alarm(BaseException):
    """The time is over; no ``except Exception`` of a user's holds it."""


class Guarded:
    """A policy that answers as ``policy`` does, or raises `PolicyFailure`.

    Parameters
    ----------
    name
        What the user calls the policy.
    recipe
        Makes the same policy in another process, where its class may not be known by name.
    seconds
        Most time that all its answers of a run may take together; None = any. It is held where
        the system has alarms (not on Windows) and the policy plays in the main thread.
    """

    def __init__(
        self,
        policy: object,
        name: str,
        seconds: float | None = None,
        *,
        recipe: Callable[[], Guarded] | None = None,
    ) -> None:
        self._policy = policy
        self._recipe = recipe
        self._name = name
        self._seconds = seconds
        self._left_s = seconds
        self._last_serial = -1

    def answer(self, question: Question) -> Any:
        """The answer to any question; what the policy has no view on is left to the house."""
        if question.serial <= self._last_serial:  # the next run
            self._left_s = self._seconds
        self._last_serial = question.serial
        try:
            answer = self._ask(question)
        except PolicyFailure:
            raise
        except _Alarm as alarm:
            if self._seconds is None:
                raise  # it is that of who watches over this one
            reason = f"its answers of one run took more than {self._seconds:g} s"
            raise self._failure(question, HUNG, reason, alarm) from None
        except MemoryError:
            raise
        except (Exception, SystemExit) as error:
            reason = f"{type(error).__name__}: {error}"
            raise self._failure(question, RAISED, reason, error) from None
        try:
            question.check(answer)
        except IllegalAnswer as error:
            raise self._failure(question, ILLEGAL, str(error)) from None
        except Exception:  # what is not even of the right kind
            reason = f"{question.kind} {question.serial}: got {answer!r}"
            raise self._failure(question, ILLEGAL, reason) from None
        return answer

    choose = answer
    run_site = answer

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Into another process by its recipe."""
        return super().__reduce_ex__(protocol) if self._recipe is None else (self._recipe, ())

    def __deepcopy__(self, memo: dict[int, Any]) -> Guarded:
        """With all that the policy remembers."""
        twin = Guarded.__new__(Guarded)
        twin.__dict__.update(self.__dict__)
        twin._policy = copy.deepcopy(self._policy, memo)
        return twin

    def _ask(self, question: Question) -> Any:
        if self._left_s is None:
            return ask(self._policy, question)
        begin = time.monotonic()
        answer = Limit(self._left_s).hold(lambda: ask(self._policy, question))
        self._left_s = max(self._left_s - (time.monotonic() - begin), 1e-3)
        return answer

    def _failure(
        self, question: Question, kind: str, reason: str, error: BaseException | None = None
    ) -> PolicyFailure:
        asked = f"{question.kind} question {question.serial}, minute {question.now_min:.0f}"
        trace = "" if error is None else trim_traceback(error)
        return PolicyFailure(self._name, kind, f"{reason} ({asked})", trace)


def trim_traceback(error: BaseException) -> str:
    """The traceback of a policy's error, of its own code alone."""
    told = traceback.TracebackException.from_exception(error)
    frames = list(told.stack)
    asked = max((i for i, frame in enumerate(frames) if _is_asking(frame)), default=-1)
    told.stack[:] = [f for f in frames[asked + 1 :] if Path(f.filename) != _OURS] or frames
    if isinstance(error, _Alarm):
        return "".join(["where it was:\n", *told.stack.format()])
    return "".join(told.format())


def _is_asking(frame: traceback.FrameSummary) -> bool:
    return frame.name == ask.__name__ and Path(frame.filename).name == "decision.py"


class Limit:
    """Raises `_Alarm` after some time; what was set before goes on after it.

    Start and stop belong into one ``try``: an alarm may come between any two steps, and one that
    stays set would end whatever is done next.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_on = False
        self._before: tuple[Any, float, float] | None = None  # handler, seconds left, interval
        self._begin_s = time.monotonic()

    def start(self) -> None:
        """Set it, where there are alarms."""
        if not hasattr(signal, "setitimer") or threading.current_thread() is not _MAIN:
            return
        self._before = (signal.getsignal(signal.SIGALRM), *signal.getitimer(signal.ITIMER_REAL))
        signal.signal(signal.SIGALRM, self._sound)
        self._is_on = True
        signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN_S)

    def stop(self) -> None:
        """From here on nothing is raised."""
        self._is_on = False
        if self._before is None:
            return
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        handler, left, interval = self._before
        signal.signal(signal.SIGALRM, handler)
        if left:
            rest = max(left - (time.monotonic() - self._begin_s), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, rest, interval)

    def hold(self, work: Callable[[], Any]) -> Any:
        """What ``work`` returns, if it is in time."""
        try:
            try:
                self.start()
                return work()
            finally:
                self.stop()
        except _Alarm:
            self.stop()  # it came as the limit was about to be lifted
            raise

    def _sound(self, number: int, frame: FrameType | None) -> None:
        if self._is_on:
            raise _Alarm


def within_s(seconds: float, work: Callable[[], Any]) -> Any:
    """What ``work`` returns.

    Raises
    ------
    TimeoutError
        If it takes longer, where the system has alarms; its traceback says where it was.
    """
    limit = Limit(seconds)
    try:
        return limit.hold(work)
    except _Alarm as alarm:
        error = TimeoutError(f"it took more than {seconds:g} s")
        raise error.with_traceback(alarm.__traceback__) from None


def drop_watch(trace: traceback.StackSummary) -> list[traceback.FrameSummary]:
    """The frames without those of this file."""
    return [frame for frame in trace if Path(frame.filename) != _OURS]
