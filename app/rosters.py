"""Importing a roster that somebody sends: unpacked apart, read whole, then written whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.actions import Faulty, House, NotAllowed
from domain.astray import Astray
from domain.authority import Actor, Capacity
from domain.log import Attribution, Fact
from domain.roster import Roster, RosterErrors
from domain.sight import holds

MOST_FILES = 20
MOST_BYTES = 400_000_000
"""Of all files together when unpacked: a province of 100,000 people needs a tenth of it."""
SUFFIXES = (".csv", ".xlsx", ".xls", ".toml")


@dataclass(frozen=True)
class RosterDesk:
    """Who reads a roster directory, and who writes a roster and, but of the first, who imported it."""

    read: Callable[[Path], Roster | RosterErrors]
    write: Callable[[Roster, Fact | None], Awaitable[tuple[Astray, ...]]]


async def import_roster(
    house: House, desk: RosterDesk, who: Actor, archive: bytes
) -> tuple[Roster, tuple[Astray, ...]]:
    """Import the roster in a ZIP archive of its directory; only the government's operator may.

    Return it, and who is on a surge and not where it says.

    Raises NotAllowed, and Faulty with every fault (`file, row, column: found …, expected …`).
    """
    if not holds(who, frozenset({Capacity.OPERATOR})):
        raise NotAllowed("no_authority")
    with tempfile.TemporaryDirectory(prefix="siaga-roster-") as folder:
        unpack(archive, Path(folder))
        roster = await asyncio.to_thread(desk.read, Path(folder))
    if isinstance(roster, RosterErrors):
        raise Faulty(tuple(str(roster).splitlines()))
    if roster.government.id != who.government_id:
        raise NotAllowed("another_government")
    by = Attribution(who.person_id, Capacity.OPERATOR.value, house.rules.basis("authority"))
    said = {"archive_sha256": hashlib.sha256(archive).hexdigest(), "named": len(roster.people)}
    imported = Fact("RosterImported", f"roster:{who.government_id}", house.clock.now(), by, None, said)
    return roster, await desk.write(roster, imported)


def pack(directory: Path) -> bytes:
    """Return the files of a roster directory as a ZIP archive; raises Faulty when there is nothing to send."""
    files = [
        path for path in sorted(directory.glob("*")) if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    if not files:
        raise Faulty((f"{directory}: no roster files ({', '.join(SUFFIXES)}) in this directory",))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return held.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the archive's files, which must lie flat, into a folder; raises Faulty for anything odd."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            entries = packed.infolist()
            _check(entries)
            for entry in entries:
                (folder / entry.filename).write_bytes(packed.read(entry))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Faulty((f"body: not a readable ZIP archive of a roster directory ({error})",)) from None


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise Faulty((f"body: {len(entries)} files, expected at most {MOST_FILES}",))
    # What the archive says of its sizes is what zipfile reads at most.
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Faulty((f"body: unpacked it is larger than {MOST_BYTES} bytes",))
    for entry in entries:
        name = PurePosixPath(entry.filename)
        flat = len(name.parts) == 1 and name.name not in ("", ".", "..") and "\\" not in entry.filename
        if not flat or name.suffix.lower() not in SUFFIXES:
            raise Faulty((f"body: {entry.filename!r}, expected plain files of {', '.join(SUFFIXES)}",))
