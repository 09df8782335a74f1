"""What all tests share: a real database, a real engine, an engine that skips time, and a closed door to the world.

Everything started here ends with the session, by its own process handle; a killed session leaves nobody behind
either (runtime/child.py).
"""

import ipaddress
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_timeout
from hypothesis import settings
from temporalio.testing import WorkflowEnvironment

from lab import databases
from lab.machine import install_command, lacking
from runtime.ports import Ports, free_port
from runtime.postgres_server import PostgresServer
from runtime.settings import Settings, under_ci
from runtime.temporal import connect, data_converter, quiet_runtime
from runtime.temporal_server import TemporalPorts, TemporalServer, time_skipping_program

settings.register_profile("house", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("house")

LACKS = "lacks"
"""The property of a report that names the programs a test missed."""


# ── the database ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One embedded server for the session; its data do not outlive it."""
    home = tmp_path_factory.mktemp("postgres")
    port = Ports(home / "ports.json").claim("postgres")
    with PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_dsn(postgres: PostgresServer) -> str:
    """The session's server, its first and empty database. Most tests want `database` instead."""
    return postgres.dsn


@pytest.fixture(scope="session")
def migrated_template(postgres_dsn: str) -> str:
    """A database with the schema in it, to be copied: migrating takes longer than copying."""
    from adapters.postgres import migrate

    name = "migrated_template"
    migrate(databases.create(postgres_dsn, name))
    return name


@pytest.fixture(scope="module")
def database(postgres_dsn: str, migrated_template: str) -> Iterator[str]:
    """The DSN of a fresh database with the schema in it, one a test module."""
    yield from _fresh(postgres_dsn, migrated_template)


@pytest.fixture
def fresh_database(postgres_dsn: str, migrated_template: str) -> Iterator[str]:
    """As `database`, one a test: for tests that count everything there is."""
    yield from _fresh(postgres_dsn, migrated_template)


def _fresh(dsn: str, template: str) -> Iterator[str]:
    with databases.passing(dsn, f"test_{uuid.uuid4().hex[:12]}", copy_of=template) as fresh:
        yield fresh


# ── the engine ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """One dev server for the session, with the settings of `up`."""
    home = tmp_path_factory.mktemp("temporal")
    ports = Ports(home / "ports.json")
    doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
    with TemporalServer(home / "temporal.db", ports=doors, log=home / "server.log") as server:
        yield server


@pytest.fixture(scope="session")
async def temporal_env(temporal_server: TemporalServer) -> WorkflowEnvironment:
    """The real server, whose clock is the real clock: for updates, refusals and golden histories."""
    settings = Settings.load(temporal_address=temporal_server.address)
    return WorkflowEnvironment.from_client(await connect(settings))


@pytest.fixture
async def time_skipping_env() -> AsyncIterator[WorkflowEnvironment]:
    """A test server of its own, whose one global clock can be stepped: for deadlines."""
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(),
        runtime=quiet_runtime(),
        port=free_port(),
        test_server_existing_path=str(time_skipping_program()),
    )
    async with environment:
        yield environment


# ── the order of the files ────────────────────────────────────────────────────────────────────────────────────────


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process waits for another at the end."""
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> int:
    mark = item.get_closest_marker("long")
    return (mark.args or (20,))[0] if mark else 0


# ── a test whose time is up ───────────────────────────────────────────────────────────────────────────────────────


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how often the alarm rings again once a test's time is up; a test of this makes it shorter."""
    parser.addini("timeout_again", "seconds until the alarm of a test rings again", default="60")


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> Iterator[None]:
    """Let the alarm ring again and again, also while fixtures end.

    It fails the test from wherever the process is just then. In a task that is not the test's own, the loop keeps the
    failure for itself, and the test would wait for ever.
    """
    done = yield
    if settings.timeout:
        again = float(str(item.config.getini("timeout_again")))
        signal.setitimer(signal.ITIMER_REAL, settings.timeout, again)
    return done


# ── what the machine must have ────────────────────────────────────────────────────────────────────────────────────


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs this machine lacks, and say how to get them."""
    programs = [program for mark in item.iter_markers("needs") for program in mark.args]
    absent = lacking(programs)
    if absent:
        item.user_properties.append((LACKS, absent))
        pytest.skip(f"needs {', '.join(absent)}: {install_command(absent)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested, in whichever process."""
    reports = [report for kind in ("skipped", "error") for report in terminalreporter.stats.get(kind, ())]
    told = [
        value for report in reports for name, value in getattr(report, "user_properties", ()) if name == LACKS
    ]
    if absent := sorted({program for programs in told for program in programs}):
        terminalreporter.section("NOT TESTED HERE", red=True, bold=True)
        terminalreporter.write_line(f"This machine lacks {', '.join(absent)}. As root:")
        terminalreporter.write_line(f"  {install_command(absent)}")
        terminalreporter.write_line("or:  ./siaga test --install")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Under CI a skipped test is a failed one: a green run there means that everything ran."""
    report = yield
    if under_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped under CI: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """The same for a whole module that skips itself."""
    report = yield
    if under_ci() and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: skipped under CI: {report.longrepr[2]}"
    return report


# ── the closed door ───────────────────────────────────────────────────────────────────────────────────────────────


def _refuse_the_world(event: str, arguments: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if isinstance(address, tuple) and not _is_loopback(str(address[0])):
        message = f"a test reached for {address[0]}; tests talk to this machine alone"
        raise RuntimeError(message)


def _is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


# An audit hook, since it also sees what C code and asyncio connect; it stays until the process ends.
sys.addaudithook(_refuse_the_world)
