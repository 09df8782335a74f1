"""The supervisor behind `up`: PostgreSQL, Temporal and our own services, kept running until told to stop.

It starts them in the order in which they need each other and stops them in the reverse one. Whatever dies is started
again, on the same ports and the same data: all state lies in PostgreSQL and Temporal, and both recover from kill -9.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.child import Identity
from runtime.keeper import Keeper
from runtime.ports import Ports, answers
from runtime.postgres_server import PostgresServer, check_version, last_words
from runtime.service import SERVICES, Service, ServiceCommand
from runtime.settings import ROOT, Settings
from runtime.stack_state import Addresses, State, hold
from runtime.temporal_server import TemporalPorts, TemporalServer

UI_PORT = 8633  # wished for; another one when it is taken
READY_WITHIN = 60.0  # seconds for all services together
DEATHS_AT_START = 5  # as many in a row of what never was steady: a fault that waiting will not cure

Say = Callable[[str], None]


class StackError(Exception):
    """The stack cannot start; the message is one line for the user."""


class StopAsked(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal. Not an Exception: nothing on the way may swallow it."""


@dataclass(frozen=True)
class Wishes:
    """Ports asked for by the user; None takes last time's, or a free one."""

    api: int | None = None
    postgres: int | None = None
    temporal: int | None = None
    temporal_ui: int | None = None


class Stack:
    """The stack of one data directory. `run` keeps it until a signal."""

    def __init__(
        self,
        settings: Settings,
        *,
        prepare: Callable[[str], None],
        say: Say,
        services: Sequence[ServiceCommand] = SERVICES,
        wishes: Wishes | None = None,
    ) -> None:
        """`prepare(dsn)` brings the database up to date before anything uses it; `say` prints a line of progress."""
        self._settings = settings
        self._data = settings.data
        self._prepare = prepare
        self._say = say
        self._services = services
        self._wishes = wishes or Wishes()
        self._keeper = Keeper(say=say, changed=self._describe)
        self._addresses: Addresses | None = None

    def run(self, on_ready: Callable[[Addresses], None]) -> None:
        """Start everything, call `on_ready` once, and heal what dies until a signal; then stop everything.

        On a slow machine a service may stand for a moment, be taken for ready, and yet never start.

        Raises AlreadyUp, StackError, PostgresError, TemporalError, PortTaken; then nothing is left running.
        """
        with hold(self._data), _signals_as_exceptions():
            try:
                addresses = self._start()
                on_ready(addresses)
                while True:
                    time.sleep(0.1)
                    self._heal()
            except StopAsked:
                self._say("stopping")
            finally:
                self._keeper.stop()

    def _start(self) -> Addresses:
        (self._data / "logs").mkdir(mode=0o700, exist_ok=True)
        self._describe()
        ports = self._claim_ports()
        dsn = self._start_postgres(ports["postgres"])
        self._say("preparing the database")
        self._prepare(dsn)
        temporal, ui_url = self._start_temporal(ports)
        # Asked again: all this takes a while, and somebody else may have taken the port meanwhile.
        api_port = self._claim_api_port(Ports(self._data / "ports.json"))
        here = self._settings.model_copy(
            update={"database_url": dsn, "temporal_address": temporal, "api_port": api_port}
        )
        self._start_services(here)
        self._addresses = Addresses(
            api=here.api_url,
            temporal=temporal,
            temporal_ui=ui_url,
            namespace=here.temporal_namespace,
            database_url=dsn,
        )
        self._describe()
        return self._addresses

    def _claim_ports(self) -> dict[str, int]:
        ports, wishes = Ports(self._data / "ports.json"), self._wishes
        return {
            "api": self._claim_api_port(ports),
            "postgres": ports.claim("postgres", given=wishes.postgres),
            "temporal": ports.claim("temporal", given=wishes.temporal),
            "temporal-ui": ports.claim("temporal-ui", given=wishes.temporal_ui, prefer=UI_PORT),
            "temporal-http": ports.claim("temporal-http"),
            "temporal-metrics": ports.claim("temporal-metrics"),
        }

    def _claim_api_port(self, ports: Ports) -> int:
        settings = self._settings
        # A port that the environment names is meant, as one given by a flag is; the default is only a wish.
        named = settings.api_port if "api_port" in settings.model_fields_set else None
        return ports.claim("api", given=self._wishes.api or named, prefer=settings.api_port)

    def _start_postgres(self, port: int) -> str:
        if self._settings.database_url:
            version = check_version(self._settings.database_url)
            self._say(f"using the PostgreSQL {version} of DATABASE_URL")
            return self._settings.database_url
        server = PostgresServer(
            self._data / "postgres",
            port=port,
            log=self._log("postgres"),
            account=self._settings.postgres_account,
        )
        self._say("starting PostgreSQL")
        self._keeper.start(server)
        check_version(server.dsn)
        return server.dsn

    def _start_temporal(self, ports: dict[str, int]) -> tuple[str, str | None]:
        if self._settings.temporal_address:
            host, _, port = self._settings.temporal_address.rpartition(":")
            self._say(f"using the Temporal server of TEMPORAL_ADDRESS, {host}:{port}")
            return self._settings.temporal_address, None
        server = TemporalServer(
            self._data / "temporal.db",
            ports=TemporalPorts(
                grpc=ports["temporal"],
                ui=ports["temporal-ui"],
                http=ports["temporal-http"],
                metrics=ports["temporal-metrics"],
            ),
            log=self._log("temporal"),
            namespace=self._settings.temporal_namespace,
        )
        self._say("starting Temporal")
        self._keeper.start(server)
        return server.address, server.ui_url

    def _start_services(self, here: Settings) -> None:
        environment = {**here.environment(), "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
        for command in self._services:
            self._say(f"starting {command.name}")
            self._keeper.start(Service(command, environment=environment, log=self._log(command.name)))
        opens_port = any(command.serves_api for command in self._services)
        deadline = time.monotonic() + READY_WITHIN
        while not self._ready(here.api_port if opens_port else None):
            self._heal()
            if time.monotonic() > deadline:
                raise self._does_not_start("api")
            time.sleep(0.05)

    def _heal(self) -> None:
        self._keeper.heal()
        if failing := self._keeper.failing(DEATHS_AT_START):
            raise self._does_not_start(failing)

    def _does_not_start(self, name: str) -> StackError:
        log = self._log(name)
        return StackError(f"{name} does not start: {last_words(log)} (all of it: {log})")

    def _ready(self, api_port: int | None) -> bool:
        return self._keeper.all_alive() and (api_port is None or answers(api_port))

    def _describe(self) -> None:
        me = Identity.of(os.getpid())
        assert me is not None, "a running process has an identity"
        State(supervisor=me, parts=self._keeper.states(), addresses=self._addresses).write(self._data)

    def _log(self, name: str) -> Path:
        return self._data / "logs" / f"{name}.log"


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Turn the first signal to stop into StopAsked, wherever we are; while we stop, more of them change nothing."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise StopAsked

    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: it is to outlive its terminal
        wanted.append(signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
