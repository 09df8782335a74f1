"""A child process bound to its parent's life, in a session of its own.

Of its own, so that Ctrl-C at the terminal reaches us alone and the parts stop in our order. Bound, so that a parent
killed with -9 leaves nobody behind: the Linux kernel then signals the child.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_KEPT = 10_000_000  # bytes; a longer log is set aside when its part starts again

_libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: loading is not safe after it


@dataclass(frozen=True)
class Account:
    """The operating-system account that a child runs under."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    orphaned: signal.Signals = signal.SIGKILL,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command`, its output appended to `log`.

    `orphaned` is the signal it gets when this thread ends without having stopped it. Call from the main thread.
    """
    _set_aside(log)
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_bound_to(os.getpid(), orphaned),  # noqa: PLW1509  after setuid, which would clear the bond
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def stop(process: subprocess.Popen[bytes], *, by: signal.Signals, grace: float) -> int:
    """End `process` with `by`, and with SIGKILL after `grace` seconds; returns its exit code."""
    if process.poll() is None:
        process.send_signal(by)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(grace)
        process.kill()
    return process.wait()


@dataclass(frozen=True)
class Identity:
    """Who a process is: a pid alone may have passed to someone else."""

    pid: int
    born: str
    """The kernel's start time of the process, in clock ticks since boot, with the boot's id."""

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        """The process that has this pid now; None if there is none, or if it has ended and only waits to be reaped."""
        if not Path("/proc/self/stat").exists():  # not Linux: the pid must do
            return cls(pid, "unknown") if _runs(pid) else None
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else cls(pid, f"{boot}:{fields[19]}")

    def alive(self) -> bool:
        """Say whether this very process still runs."""
        return Identity.of(self.pid) == self

    def signal(self, number: signal.Signals) -> None:
        """Signal this very process, if it still runs."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def end_all(processes: Sequence[Identity], *, ending: float, by: signal.Signals, grace: float) -> None:
    """See that all these processes end, whoever's children they are.

    They may be ending already: they get `ending` seconds for it, then the signal `by` and `grace` seconds, then
    SIGKILL.
    """

    def over() -> bool:
        return not any(process.alive() for process in processes)

    if wait_until(over, ending):
        return
    for number in (by, signal.SIGKILL):
        for process in processes:
            process.signal(number)
        if wait_until(over, grace):
            return


def wait_until(holds: Callable[[], bool], within: float, *, every: float = 0.02) -> bool:
    """Ask `holds()` until it is true, `within` seconds at most; says whether it became so."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _bound_to(parent: int, orphaned: signal.Signals) -> Callable[[], None]:
    def bind() -> None:
        if sys.platform != "linux":
            return
        _libc.prctl(PR_SET_PDEATHSIG, orphaned)
        if os.getppid() != parent:  # it died between our birth and the line above
            os._exit(1)

    return bind


def _set_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_KEPT:
        log.replace(log.with_suffix(".old.log"))
