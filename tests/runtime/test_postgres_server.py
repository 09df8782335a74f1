"""The embedded PostgreSQL: safe defaults, and whole again after kill -9."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from runtime.child import Identity
from runtime.ports import Ports
from runtime.postgres_files import POINTER, PostgresError
from runtime.postgres_server import PostgresServer, check_version
from runtime.settings import ROOT
from tests.patience import PATIENCE


def new_server(home: Path, *, throwaway: bool = False) -> PostgresServer:
    home.mkdir(exist_ok=True)
    port = Ports(home / "ports.json").claim("postgres")
    return PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=throwaway)


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server with the settings of `up`; erased at the end."""
    server = new_server(tmp_path)
    server.start()
    yield server
    server.stop()
    assert server._place is not None
    server._place.erase()


def rows(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def test_a_server_killed_with_a_client_connected_comes_back_with_every_committed_row(
    durable: PostgresServer,
) -> None:
    with psycopg.connect(durable.dsn) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    idle = psycopg.connect(durable.dsn)
    before = durable.dsn
    assert durable.pid
    os.kill(durable.pid, signal.SIGKILL)
    durable.start()
    assert durable.dsn == before
    assert rows(durable.dsn) == 1000
    idle.close()


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_the_start(durable: PostgresServer) -> None:
    """After a reboot, or in a container, the pid of a killed server soon belongs to somebody else."""
    assert durable.pid
    assert durable._place
    os.kill(durable.pid, signal.SIGKILL)
    assert durable._process
    durable._process.wait()
    pid_file = durable._place.pgdata / "postmaster.pid"
    # A stranger under the same account, whom PostgreSQL's own check would take for the old server.
    account = durable._place.account
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=account.uid if account else None, cwd="/")
    try:
        text = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *text[1:]]) + "\n")
        durable.start()
        assert durable.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_it_is_durable_and_speaks_only_to_this_machine_and_only_with_a_password(
    durable: PostgresServer,
) -> None:
    with psycopg.connect(durable.dsn) as connection:
        shown = {
            name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "TimeZone")
        }
        roles = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        methods = connection.execute("SELECT count(*) FROM pg_roles WHERE rolcanlogin").fetchone()
    assert {name: value[0] for name, value in shown.items() if value} == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "TimeZone": "UTC",
    }
    assert roles == (False,), "the application's own role is no superuser"
    assert methods == (2,)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(durable.dsn.replace(durable.dsn.split("@")[0].rpartition("//")[2], "siaga"))


def test_passwords_are_private_files(durable: PostgresServer) -> None:
    file = durable._home / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(durable._home.stat().st_mode) == 0o700


def test_the_owner_may_make_the_extensions_that_the_registry_needs(durable: PostgresServer) -> None:
    with psycopg.connect(durable.dsn) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE EXTENSION pg_trgm")
        made = connection.execute("SELECT extname FROM pg_extension ORDER BY extname").fetchall()
    assert [name for (name,) in made] == ["btree_gist", "pg_trgm", "plpgsql"]


def test_a_refused_row_does_not_appear_in_the_servers_log(durable: PostgresServer) -> None:
    with psycopg.connect(durable.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (nip text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES ('198706052011011001')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('198706052011011001')")
    log = durable._log.read_text()
    assert "duplicate key value" in log
    assert "198706052011011001" not in log


def test_a_second_server_of_the_same_directory_is_refused(durable: PostgresServer) -> None:
    twin = PostgresServer(durable._home, port=durable._port + 1, log=durable._log)
    with pytest.raises(PostgresError, match="another process already runs"):
        twin.start()
    assert durable.pid


def test_a_throwaway_server_leaves_no_data(tmp_path: Path) -> None:
    server = new_server(tmp_path, throwaway=True)
    with server:
        place = server._place
        assert place
        assert place.pgdata.exists()
    assert not place.pgdata.exists()
    assert not list(place.cluster.glob("*")) or place.account is None


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    server = new_server(tmp_path, throwaway=True)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", server._port))
        holder.listen()
        with pytest.raises(PostgresError) as caught:
            server.start()
    assert "PostgreSQL did not start" in str(caught.value)
    assert "\n" not in str(caught.value)
    server.stop()


def test_an_older_postgresql_is_refused(durable: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_version(durable.dsn).startswith("18")
    monkeypatch.setattr("runtime.postgres_server.OLDEST", 990_000)
    with pytest.raises(PostgresError, match=r"is PostgreSQL 18.*; Siaga needs 99 or newer") as caught:
        check_version(durable.dsn)
    password = durable.dsn.split("@")[0].rpartition(":")[2]
    assert password not in str(caught.value)


def test_a_postgresql_that_is_away_is_told_in_one_line() -> None:
    with pytest.raises(PostgresError, match="does not answer") as caught:
        check_version("postgresql://siaga:s3cret@127.0.0.1:1/siaga")
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


ORPHAN = """
import os, sys
from pathlib import Path
from runtime.postgres_server import PostgresServer
home = Path(sys.argv[1])
server = PostgresServer(home / "server", port=int(sys.argv[2]), log=home / "server.log", throwaway=True)
server.start()
print(server.pid, flush=True)
sys.stdin.read()
"""


def test_the_server_ends_with_its_killed_parent(tmp_path: Path) -> None:
    port = Ports(tmp_path / "ports.json").claim("postgres")
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(tmp_path), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout
    assert parent.stdin
    server = Identity.of(int(parent.stdout.readline()))
    assert server
    assert server.alive()
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    deadline = time.monotonic() + PATIENCE
    while server.alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not server.alive()
    # The next one of the same directory starts, and clears up.
    with PostgresServer(tmp_path / "server", port=port, log=tmp_path / "server.log", throwaway=True) as again:
        assert again.pid


def test_the_data_lie_where_the_servers_account_alone_can_read_them(durable: PostgresServer) -> None:
    place = durable._place
    assert place
    assert stat.S_IMODE(place.pgdata.stat().st_mode) == 0o700
    if os.geteuid() != 0:
        assert place.cluster == durable._home
        assert place.pgdata.stat().st_uid == os.geteuid()
        return
    assert place.account
    assert durable._home.joinpath(POINTER).read_text().strip() == str(place.cluster)
    assert place.cluster.stat().st_uid == place.account.uid
    assert stat.S_IMODE(place.cluster.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o022 == 0 for path in place.programs.iterdir())
    assert place.programs.stat().st_uid == 0, (
        "the account that runs the programs must not be able to change them"
    )
