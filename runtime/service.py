"""Our own processes as parts of the stack: the worker, the API, the relay, the courier."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from runtime.child import spawn
from runtime.settings import ROOT

STOP_WITHIN = 10.0  # seconds for what is in hand; then it is killed, and done again later


class Part(Protocol):
    """Something that the supervisor keeps running."""

    @property
    def name(self) -> str: ...
    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class ServiceCommand:
    """One of our own processes: what to run (after the Python), and whether it opens the API's port."""

    name: str
    arguments: tuple[str, ...]
    serves_api: bool = False


SERVICES = (
    ServiceCommand("worker", ("-m", "worker")),
    ServiceCommand("api", ("-m", "app.api"), serves_api=True),
    ServiceCommand("relay", ("-m", "app.relay")),
    ServiceCommand("courier", ("-m", "app.courier")),
)


class Service:
    """One of our own processes as a part."""

    def __init__(self, command: ServiceCommand, *, environment: dict[str, str], log: Path) -> None:
        self.name = command.name
        self._command = [sys.executable, *command.arguments]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        self._process = spawn(self._command, log=self.log, environment=self._environment, cwd=ROOT)

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        self.ask_to_stop()
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_WITHIN)
            self._process.kill()
            self._process.wait()
