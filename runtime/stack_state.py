"""What is known of a running stack: one lock that says whether it runs, one file that says where.

The lock is held by the supervisor's open file and so ends with it, however it ends. The file (mode 0600: it holds
the database's password) is only ever a description: every pid in it is checked against the process's start time.
"""

import fcntl
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from runtime.child import Identity, end_all, wait_until
from runtime.private_file import write_private


class AlreadyUp(Exception):
    """A stack already runs on this data directory; the message is one line for the user."""


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a running stack are reached. Holds a password: show `public()`."""

    api: str
    temporal: str
    temporal_ui: str | None
    """None when the Temporal server is not ours."""
    namespace: str
    database_url: str

    def public(self) -> dict[str, str | None]:
        """What may be printed: everything but the database's password."""
        head, _, tail = self.database_url.rpartition("@")
        user = head.partition("://")[2].partition(":")[0]
        return {**asdict(self), "database_url": f"postgresql://{user}@{tail}" if head else self.database_url}


@dataclass(frozen=True)
class PartState:
    """One part of a stack as it was last seen."""

    name: str
    process: Identity | None
    restarts: int

    @property
    def alive(self) -> bool:
        """Say whether this very process still runs."""
        return self.process is not None and self.process.alive()


@dataclass(frozen=True)
class State:
    """A stack as it last described itself. `addresses` is None while it starts."""

    supervisor: Identity
    parts: tuple[PartState, ...]
    addresses: Addresses | None

    def write(self, data: Path) -> None:
        """Keep this description in the data directory."""
        write_private(_file(data), json.dumps(asdict(self), indent=1) + "\n")


def read_state(data: Path) -> State | None:
    """The last description of the stack of `data`; None where there is none. It may be a dead one's: see `is_up`."""
    try:
        raw: dict[str, Any] = json.loads(_file(data).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None
    return State(
        supervisor=Identity(**raw["supervisor"]),
        parts=tuple(
            PartState(
                part["name"], Identity(**part["process"]) if part["process"] else None, part["restarts"]
            )
            for part in raw["parts"]
        ),
        addresses=Addresses(**raw["addresses"]) if raw["addresses"] else None,
    )


def is_up(data: Path) -> bool:
    """Say whether a supervisor holds the data directory now."""
    try:
        with _lock_file(data).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Be the one supervisor of `data`. Raises AlreadyUp, and OSError where the directory cannot be made or written."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock_file(data).open("a") as lock:
        _take(lock, data)
        _end_leftovers(data)
        try:
            yield
        finally:
            _file(data).unlink(missing_ok=True)


def bring_down(data: Path, *, within: float) -> bool:
    """Ask the supervisor of `data` to stop, and wait; says whether everything has ended in time."""
    state = read_state(data)
    if state:
        state.supervisor.signal(signal.SIGTERM)
    return wait_until(lambda: not is_up(data), within, every=0.1)


def _take(lock: IO[str], data: Path) -> None:
    # Patient for a moment: somebody's is_up() may hold it for an instant.
    if not wait_until(lambda: _locked(lock), 0.5):
        state = read_state(data)
        where = f", pid {state.supervisor.pid}" if state else ""
        where += f", {state.addresses.api}" if state and state.addresses else ""
        msg = f"already up on {data}{where}"
        raise AlreadyUp(msg)


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_leftovers(data: Path) -> None:
    """End what a killed supervisor left behind. The kernel has told its children; this waits, and insists."""
    state = read_state(data)
    left = [part.process for part in state.parts if part.process] if state else []
    end_all(left, ending=3.0, by=signal.SIGTERM, grace=10.0)


def _file(data: Path) -> Path:
    return data / "stack.json"


def _lock_file(data: Path) -> Path:
    return data / "stack.lock"
