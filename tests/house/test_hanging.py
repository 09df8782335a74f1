"""A test that hangs is failed, whatever task the alarm finds; one that cannot be failed ends its process, and is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

BUSY = """
import asyncio, time

async def test_it() -> None:
    async def busy() -> None:
        time.sleep(5)  # the first alarm rings in here

    working = asyncio.create_task(busy())
    await asyncio.Event().wait()
"""
DEAF = """
import signal, threading

def test_it() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    threading.Event().wait(60)
"""


def run(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_hangs.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    command += [
        "-p",
        "no:schemathesis",
        "-p",
        "tests.conftest",
        "--rootdir",
        str(folder),
        *options,
        str(folder / "test_hangs.py"),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_the_alarm_rings_until_it_is_heard(tmp_path: Path) -> None:
    ended = run(tmp_path, BUSY, "--timeout", "2", "-o", "timeout_again=4")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout
    assert "Failed: Timeout" in ended.stdout


def test_a_process_that_hears_nothing_ends_and_says_where_it_stood(tmp_path: Path) -> None:
    ended = run(tmp_path, DEAF, "--timeout", "1", "-o", "faulthandler_timeout=3")
    assert ended.returncode != pytest.ExitCode.OK
    assert "passed" not in ended.stdout
    assert "Timeout (0:00:03)!" in ended.stderr
    assert "test_hangs.py" in ended.stderr
