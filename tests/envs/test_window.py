"""Pictures on a screen and in a video."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import gymnasium as gym
import matplotlib as mpl
import pytest

from factory_env.envs import window
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import InputError

SHORT = {"demand.days": 2, "horizon_days": 2}


def test_a_window_without_a_screen_is_refused_with_what_to_do() -> None:
    mpl.use("agg")
    with pytest.raises(InputError, match=r"needs a screen.*backend agg.*rgb_array") as raised:
        SchedulingEnv(plant="small", overrides=SHORT, render_mode="human")
    assert len(raised.value.problems) == 1


def test_a_window_shows_every_question(monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("agg")  # draws, and opens nothing
    monkeypatch.setattr(window, "check_screen", lambda: None)
    shown: list[Any] = []
    show = window.Window.show
    monkeypatch.setattr(window.Window, "show", lambda w, p: (shown.append(p), show(w, p)))
    env = SchedulingEnv(plant="small", overrides=SHORT, render_mode="human")
    env.reset(seed=1)
    env.step(int(env.action_masks().argmax()))
    assert env.render() is None
    assert [picture.shape for picture in shown] == [(480, 960, 3)] * 3
    assert (shown[0] != shown[1]).any()
    pickle.loads(pickle.dumps(env)).close()  # a copy has no window yet
    env.close()


@pytest.mark.slow
def test_gymnasium_records_a_video(tmp_path: Path) -> None:
    pytest.importorskip("moviepy", reason="the extra video brings it")
    env = gym.make(
        "GarmentFactory/Scheduling-v1", plant="small", overrides=SHORT, render_mode="rgb_array"
    )
    recorded = gym.wrappers.RecordVideo(env, str(tmp_path), disable_logger=True)
    recorded.reset(seed=1)
    for _ in range(3):
        _, _, terminated, truncated, _ = recorded.step(1)
        if terminated or truncated:
            break
    recorded.close()
    assert [path.stat().st_size > 1000 for path in tmp_path.glob("*.mp4")] == [True]
