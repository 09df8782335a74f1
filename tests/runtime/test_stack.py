"""`up` keeps everything running: whatever is killed comes back, and nobody is left behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runtime.child import Identity, wait_until
from runtime.ports import answers
from runtime.postgres_files import find_place
from runtime.settings import ROOT, Settings, foreign_environment
from runtime.stack_state import read_state
from runtime.temporal import connect
from tests.patience import PATIENCE

pytestmark = pytest.mark.long(80)

PARTS = ("postgres", "temporal", "worker", "api", "relay")


class Up:
    """A stack with toy services, run as a user runs it: by its command line."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.environment = {
            **foreign_environment(),
            "SIAGA_DATA": str(data),
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        self.printed = data.with_suffix(".out")

    def start(self, *arguments: str) -> None:
        with self.printed.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.runtime.toy_up", "up", *arguments],
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
            )
        eventually(lambda: "Ctrl-C stops everything" in self.text(), f"up: {self.text()}", also=self.running)

    def running(self) -> None:
        assert self.process
        assert self.process.poll() is None, self.text()

    def text(self) -> str:
        return self.printed.read_text()

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.runtime.toy_up", *arguments]
        return subprocess.run(
            command, env=self.environment, check=False, capture_output=True, text=True, cwd="/"
        )

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.ask("status", "--json").stdout))

    def parts(self) -> dict[str, Identity]:
        state = read_state(self.data)
        assert state
        return {part.name: part.process for part in state.parts if part.process}

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def erase(self) -> None:
        if (self.data / "postgres").exists():
            find_place(self.data / "postgres", "nobody").erase()


def eventually(
    holds: Callable[[], bool], what: str, *, within: float = PATIENCE, also: Callable[[], None] | None = None
) -> None:
    deadline = time.monotonic() + within
    while not holds():
        if also:
            also()
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    stack = Up(tmp_path / "data")
    yield stack
    stack.stop()
    stack.erase()


def select_one(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


async def test_every_part_that_is_killed_comes_back_where_it_was_with_what_it_knew(up: Up) -> None:
    up.start()
    state = read_state(up.data)
    assert state
    assert state.addresses
    addresses = state.addresses
    with psycopg.connect(addresses.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    client = await connect(Settings.load(temporal_address=addresses.temporal))
    await client.start_workflow("Waiting", id="toy:kept", task_queue="nobody-listens")

    first = up.parts()
    assert tuple(first) == PARTS
    for name in PARTS:
        os.kill(first[name].pid, signal.SIGKILL)
    eventually(
        lambda: (
            all(up.parts().get(name, first[name]) != first[name] for name in PARTS)
            and all(process.alive() for process in up.parts().values())
        ),
        f"not all healed: {up.status()} {up.text()}",
    )
    eventually(lambda: answers(int(addresses.api.rpartition(":")[2])), "the API's port opens again")
    eventually(lambda: select_one(addresses.database_url), "the database answers again")
    with psycopg.connect(addresses.database_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    handle = (await connect(Settings.load(temporal_address=addresses.temporal))).get_workflow_handle(
        "toy:kept"
    )
    assert (await handle.describe()).workflow_type == "Waiting"
    assert {part["name"]: part["restarts"] for part in up.status()["parts"]} == dict.fromkeys(PARTS, 1)


def test_services_are_told_where_the_stack_is(up: Up) -> None:
    up.start("--demo")
    state = read_state(up.data)
    assert state
    assert state.addresses
    for service in ("worker", "relay"):
        log = up.data / "logs" / f"{service}.log"
        assert wait_until(
            lambda log=log: log.read_text() != "", 30
        )  # it is up once it lives, and tells a moment later
        told = log.read_text().split()
        assert told == ["told", state.addresses.database_url, state.addresses.temporal]
    with urllib.request.urlopen(state.addresses.api, timeout=5) as answer:
        assert answer.status == 200
    assert state.addresses.temporal_ui
    with urllib.request.urlopen(state.addresses.temporal_ui, timeout=5) as answer:
        assert answer.status == 200
    assert f"migrating {state.addresses.database_url}" in up.text()
    assert f"token of the toy coordinator at {state.addresses.api}" in up.text()


def test_addresses_are_printed_without_the_password_and_kept_in_a_private_file(up: Up) -> None:
    up.start()
    state = read_state(up.data)
    assert state
    assert state.addresses
    password = state.addresses.database_url.split("@")[0].rpartition(":")[2]
    shown = up.text().replace(f"migrating {state.addresses.database_url}", "")
    status = up.ask("status")
    assert status.returncode == 0
    assert state.addresses.api in shown
    assert state.addresses.api in status.stdout
    assert password not in shown + status.stdout + up.ask("status", "--json").stdout
    assert stat.S_IMODE((up.data / "stack.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(up.data.stat().st_mode) == 0o700


def test_a_second_up_on_the_same_data_says_so_and_changes_nothing(up: Up) -> None:
    up.start()
    before = up.parts()
    second = up.ask("up")
    assert second.returncode == 2
    assert second.stderr.startswith(f"siaga: already up on {up.data}, pid ")
    assert second.stderr.count("\n") == 1
    assert up.parts() == before
    assert all(process.alive() for process in before.values())


def test_down_stops_everything_and_the_next_up_keeps_its_ports(up: Up) -> None:
    up.start()
    state = read_state(up.data)
    assert state
    parts = up.parts()
    done = up.ask("down")
    assert (done.returncode, done.stderr) == (0, f"siaga: stopped; the data stays in {up.data}\n")
    assert not any(process.alive() for process in parts.values())
    assert up.process
    assert up.process.wait(5) == 0
    assert up.ask("status").returncode == 3
    assert up.ask("down").stderr == f"siaga: nothing is up on {up.data}\n"
    up.start()
    again = read_state(up.data)
    assert again
    assert again.addresses == state.addresses


def test_a_killed_supervisor_leaves_nobody_and_the_next_up_works(up: Up) -> None:
    up.start()
    parts = up.parts()
    assert up.process
    up.process.kill()
    up.process.wait()
    eventually(lambda: not any(process.alive() for process in parts.values()), "its children linger")
    up.start()
    assert all(process.alive() for process in up.parts().values())


@pytest.fixture
def hangups_heard() -> Iterator[None]:
    """A terminal that closes is heard of by whatever starts here, also where the tests are to outlive theirs (nohup)."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangups_heard")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(up: Up, how: signal.Signals) -> None:
    up.start()
    parts = up.parts()
    assert up.process
    up.process.send_signal(how)
    assert up.process.wait(PATIENCE) == 0
    assert not any(process.alive() for process in parts.values())
    assert "database system is shut down" in (up.data / "logs" / "postgres.log").read_text()


def test_a_service_that_cannot_start_ends_up_with_its_last_words(up: Up) -> None:
    done = up.ask("up", "--failing-relay")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last == f"siaga: relay does not start: the toy cannot start (all of it: {up.data}/logs/relay.log)"
    assert up.ask("status").returncode == 3


def test_a_port_that_somebody_takes_while_it_starts_is_left_to_them(up: Up) -> None:
    up.start("--stolen-port")
    state = read_state(up.data)
    assert state
    assert state.addresses
    with urllib.request.urlopen(state.addresses.api) as answer:  # whoever took the port would not answer
        assert answer.status == 200


def test_given_ports_are_used_and_a_taken_one_is_refused(up: Up) -> None:
    up.start()
    state = read_state(up.data)
    assert state
    assert state.addresses
    taken = state.addresses.api.rpartition(":")[2]
    other = Up(up.data.with_name("other"))
    try:
        done = other.ask("up", "--port", taken)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == f"siaga: port {taken}, given for api, is in use"
    finally:
        other.erase()


def test_given_servers_take_the_place_of_ours(
    tmp_path: Path, postgres_dsn: str, temporal_server: Any
) -> None:
    up = Up(tmp_path / "data", DATABASE_URL=postgres_dsn, TEMPORAL_ADDRESS=temporal_server.address)
    try:
        up.start()
        assert tuple(up.parts()) == ("worker", "api", "relay")
        told = (up.data / "logs" / "worker.log").read_text().split()
        assert told == ["told", postgres_dsn, temporal_server.address]
    finally:
        up.stop()
    assert select_one(postgres_dsn), "down must not stop a server that is not ours"


def test_an_external_database_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    up = Up(tmp_path / "data", DATABASE_URL="postgresql://siaga:s3cret@127.0.0.1:1/siaga")
    done = up.ask("up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "siaga: postgresql://siaga@127.0.0.1:1/siaga does not answer: "
    )
    assert "s3cret" not in done.stderr


def test_a_bad_setting_is_told_in_one_line(tmp_path: Path) -> None:
    done = Up(tmp_path / "data", SIAGA_API_PORT="eighty").ask("up")
    assert done.returncode == 2
    assert done.stderr.startswith("siaga: SIAGA_API_PORT: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
