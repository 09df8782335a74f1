"""Founding a government beside a running stack: its first roster, and a token for each of its people.

Nobody holds a token before there are people, so the first roster cannot come through the API. It is
whoever keeps the stack's data directory (and so its database's password) who lays it in.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.cli.tokens import HEAD, named, read_tokens, write_tokens
from app.wiring import Books, open_books, read_roster
from domain.authority import Capacity
from domain.roster import Roster
from runtime.clock import SystemClock
from runtime.settings import ROOT
from runtime.stack_state import Addresses

DEMO_CITY = ROOT / "examples" / "kota-kupang"
CAST_UNITS = ("DINKES",)
"""Of the demo's heads of unit, one is printed as an example."""


class RosterRefused(Exception):
    """The roster has faults; the message lists them, one a line."""


@dataclass(frozen=True)
class Founded:
    """A government that now stands, and who holds which office."""

    government_id: str
    people: int
    new: bool
    offices: tuple[tuple[str, str], ...]
    """(alias, token)"""


def load_demo(addresses: Addresses, data: Path) -> Iterable[str]:
    """Load the example city into a running stack, once; return a line for each demo person with an office."""
    founded = asyncio.run(found(addresses.database_url, DEMO_CITY, data))
    heads = {f"{HEAD}:{code}" for code in CAST_UNITS}
    city = "loaded" if founded.new else "was loaded before"
    yield f"demo city     {founded.government_id} {city}: {founded.people} people (all synthetic)"
    for alias, token in founded.offices:
        if alias in heads or not alias.startswith(f"{HEAD}:"):
            yield f"  --as {alias:<14} {token}"
    yield f"tokens of everybody else: {data / 'tokens.json'} (--as {HEAD}:<unit code>, or a person's id)"


async def found(dsn: str, directory: Path, data: Path) -> Founded:
    """Import the roster of a directory unless its government is there; give everybody a token who has none here.

    Raises RosterRefused.
    """
    roster = await asyncio.to_thread(read_roster, directory)
    if not isinstance(roster, Roster):
        raise RosterRefused(str(roster))
    government_id = roster.government.id
    async with open_books(dsn, size=2) as books:
        new = not await books.boards.people(government_id)
        if new:
            await books.rosters().write(roster, None)
        offices = await _offices(books, government_id, data)
        people = await books.boards.people(government_id)
    return Founded(government_id, len(people), new, offices)


async def _offices(books: Books, government_id: str, data: Path) -> tuple[tuple[str, str], ...]:
    """Give everybody of a government a token who has none here; return its offices by alias, each with its token."""
    tokens = read_tokens(data)
    people = {row["person_id"]: row["unit_code"] for row in await books.boards.people(government_id)}
    fresh = {person: secrets.token_urlsafe(24) for person in people if person not in tokens.people}
    held = {person: token for person, token in tokens.people.items() if person in people}
    # Kept ones are written again: the file may be older than the database beneath it.
    await books.desk.keep_tokens(government_id, [*held.items(), *fresh.items()])
    tokens.people.update(fresh)
    units = {f"{government_id}.{code}": code for code in people.values()}
    aliases: dict[str, str] = {}
    for office in await books.boards.officers(government_id, SystemClock().now()):
        name = named(Capacity(office["capacity"]), units.get(office["unit_id"]), aliases)
        if name is not None:
            aliases[name] = office["person_id"]
    held_by = tokens.keep_aliases(government_id, aliases)
    write_tokens(data, tokens)
    return tuple((alias, tokens.people[person]) for alias, person in held_by.items())
