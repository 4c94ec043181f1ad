"""What planners learn of a line that is no longer what it was."""

from __future__ import annotations

from factory_env.sim.planning.planner import Planner


def change_pace(planner: Planner, line: int, ratio: float, now_shift: float) -> None:
    """From now on a line sews so many times as fast as before."""
    piece_min, fill_min = planner.times.piece_min.copy(), planner.times.fill_min.copy()
    piece_min[line] /= ratio
    fill_min[line] /= ratio
    planner.times = planner.times._replace(piece_min=piece_min, fill_min=fill_min)
    left_min = float(planner.free_shift[line]) - now_shift
    if left_min > 0.0:
        planner.gain(line, left_min - left_min / ratio)


def lose_time(planner: Planner, line: int, minutes: float, now_shift: float) -> None:
    """A line stands from now on, for so many minutes of the shift."""
    if planner.free_shift[line] > now_shift:
        planner.gain(line, -minutes)
    else:
        planner.free_shift[line] = now_shift + minutes
