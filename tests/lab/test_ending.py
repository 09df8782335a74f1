"""A drill that is asked to end ends, and its engine and database with it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runtime.settings import ROOT, foreign_environment
from tests.lab.small_drill import LITTLE, write_scenario
from tests.patience import PATIENCE


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def children(pid: int) -> dict[int, str]:
    """The processes that any thread of one began, with their names."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found[int(child)] = Path(f"/proc/{child}/comm").read_text(encoding="utf-8").strip()
    return found


@pytest.mark.parametrize("before", ["", "trap '' INT; "], ids=["in front", "in the background"])
def test_whoever_ends_a_drill_ends_its_engine_and_its_database(tmp_path: Path, before: str) -> None:
    """What a shell runs in the background hears no Ctrl-C, and is ended by a request all the same."""
    scenario = write_scenario(tmp_path, LITTLE)
    words = [str(scenario), "--out", str(tmp_path / "out")]
    drill = subprocess.Popen(
        ["sh", "-c", f'{before}exec "$@"', "sh", sys.executable, "-m", "lab.drill_run", *words],
        cwd=ROOT,
        env={**foreign_environment(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        began: dict[int, str] = {}
        until = time.monotonic() + PATIENCE
        while not {"postgres", "temporal-test-s"} <= set(began.values()):
            assert time.monotonic() < until, began
            assert drill.poll() is None, drill.stderr
            time.sleep(0.2)
            began |= children(drill.pid)
        drill.send_signal(signal.SIGTERM)
        assert drill.wait(PATIENCE) == 130
    finally:
        drill.kill()
        drill.communicate()
    until = time.monotonic() + PATIENCE
    while left := [name for pid, name in began.items() if runs(pid)]:
        assert time.monotonic() < until, left
        time.sleep(0.2)
    assert not (tmp_path / "out").exists()
