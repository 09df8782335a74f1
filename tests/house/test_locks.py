"""The locks: every package pinned and hashed, from nowhere in particular, one set for running within that for tests."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z0-9,-]+\])?==(?P<version>[^ ;\\]+)( ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(lock: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (ROOT / lock).read_text().splitlines())
    return {match["name"]: match["version"] for match in found if match}


def faults(text: str) -> list[str]:
    """Each line that is neither a pin nor a hash, and each pin that no hash follows."""
    lines = text.splitlines()
    wrong = [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    bare = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(line) and not HASH.match(after)
    ]
    return wrong + bare


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pin_or_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert faults(text) == []
    assert pins(lock)


@pytest.mark.parametrize(
    "line",
    [
        "six==1.17.0",
        "six>=1.17.0 \\",
        "--index-" + "url https://packages.example/simple",
        "six @ file:" + "///wheels/six-1.17.0-py2.py3-none-any.whl \\",
        "# from a directory",
        "    --hash=md5:00",
    ],
)
def test_the_guard_of_the_locks_bites(line: str) -> None:
    assert faults(line) != []


def test_a_pin_without_its_hash_is_found() -> None:
    assert faults("six==1.17.0 \\\ntyper==0.29.2 \\\n    --hash=sha256:" + "0" * 64) == ["six==1.17.0 \\"]


def test_the_tests_run_on_exactly_what_runs() -> None:
    """The launcher takes an installed dev lock for an installed runtime lock."""
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
    assert set(dev) - set(run)


def test_the_launcher_knows_these_locks() -> None:
    assert all(lock in Path(ROOT, "siaga").read_text() for lock in LOCKS)
