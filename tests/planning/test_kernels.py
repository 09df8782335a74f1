"""The compiled loops find a place for their cache, also where the source may not be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planning import kernels

ROOT = Path(__file__).parents[2]
MODULE = """
from planning.kernels import compiled

@compiled
def double(x):
    return 2 * x

print(double(21), double.stats.cache_path)
"""


def _run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import a module with one kernel from `folder`, in a process of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    return subprocess.run(
        [sys.executable, "-c", "import twice"],
        env={**clean, "PYTHONPATH": f"{folder}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def test_the_cache_lies_beside_a_source_that_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "twice.py").write_text(MODULE)
    answer, cache = _run(tmp_path).stdout.split()
    assert answer == "42"
    assert Path(cache) == tmp_path / "__pycache__"


def test_without_a_place_beside_the_source_nor_a_home_the_cache_lies_in_a_private_directory(
    tmp_path: Path,
) -> None:
    """A file where `__pycache__` should be stops even root, as a read-only disk would."""
    source, home, scratch = tmp_path / "source", tmp_path / "home", tmp_path / "scratch"
    for folder in (source, scratch):
        folder.mkdir()
    home.write_text("not a directory")
    (source / "__pycache__").write_text("not a directory")
    (source / "twice.py").write_text(MODULE)
    where = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "TMPDIR": str(scratch)}
    answer, cache = _run(source, **where).stdout.split()
    assert answer == "42"
    private = scratch / f"siaga-kernels-{os.getuid()}"
    assert Path(cache).is_relative_to(private)
    assert private.stat().st_mode & 0o777 == 0o700
    assert list(private.rglob("*.nbi"))


def test_a_directory_that_others_may_write_is_never_loaded_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels.tempfile, "gettempdir", lambda: str(tmp_path))
    mine = tmp_path / f"siaga-kernels-{os.getuid()}"
    assert kernels._private_directory() == mine
    mine.chmod(0o777)
    assert kernels._private_directory() is None
    mine.rmdir()
    mine.symlink_to(tmp_path)
    assert kernels._private_directory() is None


def test_after_the_warm_up_no_question_waits_for_a_compiler() -> None:
    """In a process of its own: other tests have compiled what the warm-up might have missed."""
    script = """
import sys
from lab.planning_questions import PROVINCE, TOWN, question
from planning import plan, warm_up, why_not
warm_up()
kernels = {
    f"{module.__name__}.{name}": value
    for module in list(sys.modules.values())
    if module is not None and getattr(module, "__name__", "").startswith("planning.")
    for name, value in vars(module).items()
    if hasattr(value, "signatures")
}
before = {name: list(kernel.signatures) for name, kernel in kernels.items()}
for size in (TOWN, PROVINCE):
    problem = question(size, 6)
    answer = plan(problem)
    for person in problem.people.ids[:40]:
        why_not(problem, answer, person, answer.picks[0].line_id) if size is TOWN else None
print(len(kernels), [name for name in kernels if kernels[name].signatures != before[name]])
"""
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=170
    )
    count, late = told.stdout.split(maxsplit=1)
    assert late.strip() == "[]"
    assert int(count) > 10
