"""Code that a run folder names is not run unless the command line says it, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.simulate import main as simulate_main
from experiments.training.choice import same_words
from experiments.training.options import TrainOptions, resume_run
from factory_env.door.gather import Gather
from factory_env.errors import InputError

SITE = "from pathlib import Path\nPath('ran').touch()\nclass Site:\n"
SITE += "    def run_site(self, choice):\n        return choice.usual()\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.py").write_text(SITE)
    return tmp_path


def test_a_resumed_run_says_its_code_again(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.yaml").write_text("env: scheduling\nrival: site.py:Site\nscheduler: edd\n")
    said = "rival=site.py:Site"
    with pytest.raises(InputError) as error:
        resume_run(TrainOptions(resume=str(run), words=()), Gather())
    assert f"add {said}, if you trust it" in str(error.value)
    assert not Path("ran").exists()
    assert said in same_words(run)  # then it is no contradiction


@pytest.mark.slow
def test_a_branch_says_the_code_of_its_site_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["plant=small", "scenario.horizon_days=4", "scenario.demand.days=2", "pictures=false"]
    words += ["site=pv_battery", "agent=edd"]
    simulate_main([*words, "energy=site.py:Site", "name=mine"])
    assert Path("ran").exists()
    Path("ran").unlink()
    (tmp_path / "site.py").write_text(SITE + "\n")  # so that it would be loaded anew
    branch = ["branch=runs/simulate/mine@day 1 10:00", "agent=fifo", "pictures=false"]
    with pytest.raises(SystemExit) as stop:
        simulate_main(branch)
    assert stop.value.code == 2
    assert "energy: names code" in capsys.readouterr().err
    assert not Path("ran").exists()
    simulate_main([*branch, "energy=site.py:Site"])
    assert Path("ran").exists()
